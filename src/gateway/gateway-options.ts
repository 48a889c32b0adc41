import type { Configuration } from "../config/configuration.ts";
import type { Plant } from "../config/plant.ts";
import type { FrameTap } from "../domain/frames.ts";
import type { Log } from "../domain/ports.ts";
import type { Release } from "../domain/release.ts";
import type { SimulatorDesk } from "../domain/simulation.ts";
import type { Clock } from "../domain/time.ts";
import type { UnaskedEnd } from "../store/runs/runs.ts";
import type { PasswordCost } from "../security/passwords.ts";

export interface GatewayOptions {
  readonly plant: Plant;
  readonly version: string;
  readonly release?: Release;
  /** The plant's time, which a demonstration may run faster. */
  readonly clock: Clock;
  /** How much faster than real time that is; 1 on a plant. */
  readonly speed: number;
  /** The time of brokers and databases, which nobody can hurry. */
  readonly sinkClock: Clock;
  readonly seed: number;
  readonly log: Log;
  /** The built page. */
  readonly webDir: string;
  /** What a guess of a password costs; OWASP's figures unless it is given. */
  readonly passwordCost?: PasswordCost;
  /** The files that the plant was read from; absent where it is followed nowhere. */
  readonly origin?: Origin;
  /** How the run before ended, when nobody had asked for it. */
  readonly endedBefore?: UnaskedEnd;
  /** Resolves when the history of before the start has come in, where somebody brings it: figures of periods wait for it. */
  readonly past?: Promise<void>;
  /** Simulators that may be disturbed from the page; absent on a plant. */
  readonly simulators?: SimulatorDesk;
  /** Hears the frames of this connection. */
  readonly frames?: { readonly connection: string; readonly tap: FrameTap };
}

/** Where a plant was read from. */
export interface Origin {
  readonly started: Configuration;
  /** Reads it again. Throws BadConfiguration. */
  readonly read: () => Configuration;
}
