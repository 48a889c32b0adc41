import { ConnectionLost } from "../../domain/errors.ts";
import { say } from "../../domain/said.ts";
import { sleep } from "../../domain/time.ts";
import type { OutputContext } from "../context.ts";
import { fly } from "./flight.ts";
import type { Frames } from "./frames.ts";
import type { Session } from "./session.ts";

const DEADLINE_MS = 2000;

/** Our last message at `qos`, acknowledged, then DISCONNECT, with this reason where it has one (MQTT 5.0, 3.14.2.1); then
 *  the connection is gone, whatever the broker does. */
export async function sayGoodbye(
  { wire, client, windowMax }: Session,
  lastMessage: Frames,
  qos: 0 | 1,
  { clock, log }: Pick<OutputContext, "clock" | "log">,
  reasonCode?: number,
): Promise<void> {
  const over = new AbortController();
  const cancel = clock.schedule(DEADLINE_MS, () => over.abort(new ConnectionLost(say("broker-closed"))));
  try {
    await fly(wire, lastMessage, { qos, windowMax, deadlineMs: DEADLINE_MS, clock }, over.signal);
    const closed = new Promise((resolve) => wire.once("close", resolve));
    client.end(false, reasonCode === undefined ? {} : { reasonCode });
    await Promise.race([closed, sleep(clock, DEADLINE_MS, over.signal)]);
  } catch (error) {
    log.debug({ err: error }, "The broker did not take our goodbye; its Will speaks for us");
  } finally {
    cancel();
    over.abort(new ConnectionLost(say("output-closed")));
    wire.destroy();
  }
}
