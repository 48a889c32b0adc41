import { connectAsync } from "mqtt";
import type { MqttClient } from "mqtt";
import { decodePayload } from "./sparkplug-payload.ts";
import type { WireMetric, WirePayload } from "./sparkplug-payload.ts";

export interface Heard {
  readonly verb: string;
  readonly device: string | null;
  readonly payload: WirePayload;
  readonly retain: boolean;
}

/** A host application as plain as possible: remembers births, resolves aliases, notices gaps in the numbering. */
export interface Host extends AsyncDisposable {
  readonly client: MqttClient;
  readonly heard: Heard[];
  /** Live and historical metrics of data messages, with the names that their births gave. */
  readonly values: (WireMetric & { readonly name: string; readonly device: string | null })[];
  /** Sequence numbers that were not one more than the last. */
  readonly gaps: number[];
  state(isOnline: boolean, timestamp: number): Promise<void>;
  askRebirth(): Promise<void>;
  verbs(): string[];
}

export interface HostOptions {
  readonly url: string;
  readonly group?: string;
  readonly node?: string;
  readonly id?: string;
  /** Ask for a rebirth on data of which the birth was missed, as real hosts do. */
  readonly asksRebirth?: boolean;
}

const REBIRTH = encodeRebirth("Node Control/Rebirth", true);

export async function startHost({
  url,
  group = "rocmec",
  node = "puma",
  id = "scada",
  asksRebirth = false,
}: HostOptions): Promise<Host> {
  const client = await connectAsync(url, { reconnectPeriod: 50, clientId: `host-${id}-${Math.random()}` });
  const names = new Map<number, string>();
  let expected = -1;
  const askRebirth = async (): Promise<void> => {
    await client.publishAsync(`spBv1.0/${group}/NCMD/${node}`, REBIRTH, { qos: 0 });
  };
  const learn = ({ metrics }: WirePayload, isNew: boolean): void => {
    if (isNew) {
      names.clear();
      expected = 0;
    }
    for (const { name = "", alias } of metrics) if (alias !== undefined) names.set(alias, name);
  };
  const count = (seq: number): void => {
    if (expected < 0) return;
    if (seq !== expected) host.gaps.push(seq);
    expected = (seq + 1) & 0xff;
  };
  const take = ({ metrics }: WirePayload, device: string | null): void => {
    const isKnown = metrics.every(({ alias = -1 }) => names.has(alias));
    if (!isKnown && asksRebirth) void askRebirth().catch(() => undefined);
    for (const metric of metrics)
      host.values.push({ ...metric, device, name: names.get(metric.alias ?? -1) ?? "?" });
  };
  const host: Host = {
    client,
    heard: [],
    values: [],
    gaps: [],
    state: async (isOnline, timestamp) => {
      const payload = JSON.stringify({ online: isOnline, timestamp });
      await client.publishAsync(`spBv1.0/STATE/${id}`, payload, { qos: 1, retain: true });
    },
    askRebirth,
    verbs: () => host.heard.map(({ verb, device }) => (device === null ? verb : `${verb} ${device}`)),
    [Symbol.asyncDispose]: () => client.endAsync(true),
  };
  client.on("connect", () => {
    names.clear(); // what was born at the connection before may have died
    expected = -1;
  });
  client.on("message", (topic, bytes, packet) => {
    const [, , verb = "", , device = null] = topic.split("/");
    if (verb.endsWith("CMD")) return; // for the node alone, and not always a payload
    const payload = decodePayload(bytes);
    host.heard.push({ verb, device, payload, retain: packet.retain });
    if (verb.endsWith("BIRTH")) learn(payload, verb === "NBIRTH");
    if (payload.seq !== undefined) count(payload.seq);
    if (verb.endsWith("DATA")) take(payload, device);
  });
  await client.subscribeAsync(`spBv1.0/${group}/+/${node}/#`, { qos: 1 });
  return host;
}

/** A command by hand: field 2 (metrics) with name = 1 and boolean_value = 14, so that no encoder of ours is needed. */
export function encodeRebirth(name: string, value: boolean): Buffer {
  const text = Buffer.from(name);
  const metric = Buffer.concat([Buffer.from([0x0a, text.length]), text, Buffer.from([0x70, value ? 1 : 0])]);
  return Buffer.concat([Buffer.from([0x12, metric.length]), metric]);
}
