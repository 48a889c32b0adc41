import type {
  ClientSession,
  ClientSessionPublishService,
  ClientSessionRawSubscriptionService,
} from "node-opcua";
import type { OpcUaConnection } from "../../config/plant.ts";
import type { Clock } from "../../domain/time.ts";
import type { DriverContext } from "../context.ts";

/** What opening and using a link needs besides the plant file. */
export interface LinkContext extends DriverContext<OpcUaConnection> {
  /** The machine's own clock, for deadlines and silence: the peer keeps real time
   *  whatever the speed at which a plant is simulated. */
  readonly linkClock: Clock;
  /** Told which certificate the server shows, by its thumbprint, whether it is believed or not. */
  readonly noteCertificate: (thumbprint: string) => void;
}

/** A session with the plain subscription services, which the library has but keeps out of its main type. */
export type Session = ClientSession & ClientSessionRawSubscriptionService & ClientSessionPublishService;

const STEP_DEADLINE_MS_MIN = 5_000; // key exchange on a busy PLC takes a second or more

/** Deadline of one step of connecting, ms. */
export function stepDeadlineMs(connection: OpcUaConnection): number {
  return Math.max(STEP_DEADLINE_MS_MIN, connection.timeoutMs);
}
