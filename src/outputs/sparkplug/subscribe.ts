import { ConnectionLost } from "../../domain/errors.ts";
import { say } from "../../domain/said.ts";
import type { Session as Link } from "../mqtt/session.ts";

/** Subscribes at QoS 1, as Sparkplug 3.0.0, 5.4 demands. Throws ConnectionLost when the broker does not let us. */
export async function subscribe({ client }: Link, topics: readonly string[]): Promise<void> {
  try {
    const grants = await client.subscribeAsync([...topics], { qos: 1 });
    const refused = grants.find(({ qos }) => qos >= 0x80);
    if (refused !== undefined) throw new Error(`the broker refuses ${refused.topic}`);
  } catch (error) {
    const { message } = error as Error;
    throw new ConnectionLost(say("subscribing-failed", { why: message }), { cause: error });
  }
}
