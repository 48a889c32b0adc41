import { setTimeout as pause } from "node:timers/promises";
import type { Tag } from "../../../src/domain/tag.ts";
import { Status } from "../../../src/domain/status.ts";
import { createOutput } from "../../../src/outputs/index.ts";
import type { Output } from "../../../src/domain/ports.ts";
import { batchOfRows, KINDS, never, sparkplugContext } from "../../support/outputs.ts";
import type { Row } from "../../support/outputs.ts";
import { temporaryFolder } from "../../support/program.ts";
import { startRecordingBroker } from "../../support/recording-broker.ts";
import type { Recorded } from "../../support/recording-broker.ts";
import { startHost } from "../../support/sparkplug-host.ts";
import type { Host } from "../../support/sparkplug-host.ts";
import { readTrace } from "../../support/sparkplug-trace.ts";
import type { Trace } from "../../support/sparkplug-trace.ts";
import { tagOf } from "../../support/tags.ts";
import { until } from "../../support/until.ts";

/** All kinds of tags, on three devices. */
export const TAGS: readonly Tag[] = [
  ...KINDS,
  tagOf(6, { id: "TT-501", type: "int32", unit: "Cel", device: "E1" }),
  tagOf(7, { id: "WQT-201", type: "uint32", unit: "t", device: "E1", range: null }),
  tagOf(8, { id: "ZT-101", type: "int64", unit: null, device: "L", range: null }),
];

export interface RecordedSession {
  readonly trace: Trace;
  readonly host: Host["heard"];
  readonly values: Host["values"];
  readonly gaps: readonly number[];
  /** UTC ms between which it all happened. */
  readonly from: number;
  readonly to: number;
  /** Rows written while connected, historical ones included; without repeated words of silence about a lost device. */
  readonly rows: number;
}

class Story {
  readonly marks: Record<string, number> = {};
  readonly trace: Recorded[] = [];
  output!: Output;
  host!: Host;
  rows = 0;
  #time = Date.now() - 100_000;

  mark(name: string): void {
    this.marks[name] = this.trace.length;
  }

  /** Resolves when the host has it. */
  async write(rows: readonly Omit<Row, "time">[], isHistory = false, untold = 0): Promise<void> {
    const timed = rows.map((row) => ({ ...row, time: isHistory ? this.#time - 50_000 : ++this.#time }));
    const batch = batchOfRows(timed);
    batch.isHistory = isHistory;
    await this.output.write(batch, never);
    this.rows += rows.length - untold;
    await until(() => this.host.values.filter(({ device }) => device !== null).length === this.rows);
  }

  /** Resolves when the edge node has taken the state. */
  async say(isOnline: boolean, timestamp: number): Promise<void> {
    const before = this.count("puback");
    await this.host.state(isOnline, timestamp);
    await until(() => this.count("puback") > before);
  }

  count(cmd: string): number {
    return this.trace.filter(({ clientId, packet }) => clientId === "puma" && packet.cmd === cmd).length;
  }

  births(): number {
    return this.host.heard.filter(({ verb }) => verb === "NBIRTH").length;
  }
}

const ONE_OF_EACH: readonly Omit<Row, "time">[] = [
  { tag: 0, value: 1.5 },
  { tag: 1, value: 1 },
  { tag: 2, value: 2n ** 63n },
  { tag: 3, value: "leaching, año 2" },
  { tag: 4, value: 12.25 },
  { tag: 5, value: 101.125 },
  { tag: 6, value: -3 },
  { tag: 7, value: 4_000_000_000 },
  { tag: 8, value: -5n },
];

/** A life of an edge node with a primary host at one broker, and all that it sent. The broker is one of this process, or
 *  the one that listens at the port `upstream`. */
export async function recordSession(upstream?: number): Promise<RecordedSession> {
  const from = Date.now();
  const story = new Story();
  await using broker = await startRecordingBroker("a", story.trace, upstream);
  await using host = await startHost({ url: broker.url, id: "scada" });
  using folder = temporaryFolder();
  story.host = host;
  story.output = createOutput(sparkplugContext({ url: broker.url, primaryHost: "scada" }, TAGS, folder.path));
  await waitForHost(story);
  await sendData(story);
  await beReborn(story);
  await loseDevice(story);
  await loseHost(story);
  await story.output.close();
  await until(() => host.heard.filter(({ verb }) => verb === "NDEATH").length === 2);
  await until(() => story.count("close") === 2);
  const trace = readTrace(story.trace, "puma", story.marks);
  const { heard, values, gaps } = host;
  return { trace, host: heard, values, gaps, from, to: Date.now(), rows: story.rows };
}

async function waitForHost(story: Story): Promise<void> {
  const connecting = story.output.connect(never);
  await until(() => story.count("subscribe") === 1);
  const other = JSON.stringify({ online: true, timestamp: 10_000 });
  await story.host.client.publishAsync("spBv1.0/STATE/other", other, { qos: 1, retain: true });
  await story.say(false, 1000);
  await story.say(true, 999);
  story.mark("still waiting");
  await story.say(true, 2000);
  await connecting;
  await until(() => story.births() === 1);
}

async function sendData(story: Story): Promise<void> {
  await story.write(ONE_OF_EACH);
  for (let value = 0; value < 300; value++) await story.write([{ tag: value % TAGS.length, value }]);
  await story.write([
    { tag: 0, value: null, status: Status.BadSensorFailure },
    { tag: 5, value: 3.25, status: Status.UncertainStale },
    { tag: 2, value: 7n },
  ]);
  await story.write(ONE_OF_EACH);
}

async function beReborn(story: Story): Promise<void> {
  story.mark("before rebirth");
  const asking = story.host.askRebirth();
  for (let value = 0; story.births() < 2; value++) {
    await story.write([{ tag: value % 3, value }]);
    await pause(1); // data that flows while the command is under way, at a pace that a plant could have
  }
  await asking;
  story.mark("after rebirth");
  await story.write(ONE_OF_EACH);
}

async function loseDevice(story: Story): Promise<void> {
  const silent = [2, 6, 7].map((tag) => ({ tag, value: null, status: Status.BadNoCommunication }));
  story.mark("device lost");
  await story.write(silent);
  await story.write([{ tag: 0, value: 7 }, ...silent.slice(0, 1)], false, 1);
  story.mark("device back");
  await story.write([
    { tag: 2, value: 8n },
    { tag: 6, value: 21 },
  ]);
  await story.write(ONE_OF_EACH, true);
}

async function loseHost(story: Story): Promise<void> {
  await story.say(false, 1500);
  story.mark("old offline state");
  const published = story.count("publish");
  await story.write([{ tag: 0, value: 9 }]);
  await until(() => story.count("publish") > published);
  story.mark("host offline");
  await story.host.state(false, 3000);
  await until(() => story.count("close") === 1);
  const connecting = story.output.connect(never);
  await until(() => story.count("subscribe") === 2);
  story.mark("waiting again");
  await story.host.state(true, 4000);
  await connecting;
  await story.write(ONE_OF_EACH);
}
