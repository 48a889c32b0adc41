import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OpcUaConnection } from "../../../src/config/plant.ts";
import { readingAt } from "../../../src/domain/batch.ts";
import type { Reading } from "../../../src/domain/batch.ts";
import type { Log } from "../../../src/domain/ports.ts";
import { mulberry32 } from "../../../src/domain/random.ts";
import { systemClock } from "../../../src/domain/system-clock.ts";
import type { DataType, OpcUaSource, Tag } from "../../../src/domain/tag.ts";
import type { Clock } from "../../../src/domain/time.ts";
import type { DriverContext } from "../../../src/drivers/context.ts";
import { createOpcUaDriver } from "../../../src/drivers/opcua/driver.ts";
import type { OpcUaDriver } from "../../../src/drivers/opcua/driver.ts";
import { tagOf } from "../../support/tags.ts";

export interface TagSketch extends Partial<OpcUaSource> {
  readonly id: string;
  readonly type: DataType;
  readonly range?: { readonly low: number; readonly high: number };
  readonly periodMs?: number;
}

export function sketchTags(sketches: readonly TagSketch[]): readonly Tag[] {
  return sketches.map(({ id, type, range = null, periodMs = 200, ...source }, index) => ({
    ...tagOf(index, { id, type, title: id, area: "leach", device: "L", unit: null, range, periodMs }),
    source: {
      protocol: "opcua",
      node: `ns=2;s=${id}`,
      mode: "subscribe",
      samplingMs: 50,
      queueSize: 10,
      deadband: null,
      ...source,
    },
  }));
}

export interface LogLine {
  readonly level: string;
  readonly sentence: string;
  readonly facts: object;
}

/** A driver with everything that a test asks about it. `pump` polls every group once and gathers the readings. */
export interface Bench {
  readonly driver: OpcUaDriver;
  readonly dataDir: string;
  readonly lines: LogLine[];
  readonly readings: Reading[];
  connect(): Promise<void>;
  pump(): Promise<boolean>;
  latest(id: string): Reading | undefined;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "puma-opcua-"));
}

export function createBench(
  dataDir: string,
  sketches: readonly TagSketch[],
  connection: Partial<OpcUaConnection> & Pick<OpcUaConnection, "endpoint">,
  linkClock: Clock = systemClock,
): Bench {
  const tags = sketchTags(sketches);
  const lines: LogLine[] = [];
  const note =
    (level: string) =>
    (facts: object, sentence: string): void =>
      void lines.push({ level, facts, sentence });
  const log: Log = { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") };
  const context: DriverContext<OpcUaConnection> = {
    connection: {
      id: "leach",
      protocol: "opcua",
      timeoutMs: 2_000,
      security: { mode: "None", policy: "None" },
      identity: { kind: "anonymous" },
      publishingMs: 100,
      ...connection,
    },
    devices: [],
    tags,
    log,
    dataDir,
    clock: systemClock,
    random: mulberry32(1),
  };
  const driver = createOpcUaDriver(context, linkClock);
  const readings: Reading[] = [];
  const never = new AbortController().signal;
  return {
    driver,
    dataDir,
    lines,
    readings,
    connect: () => driver.connect(never),
    pump: async () => {
      let isConfirmed = true;
      for (const index of driver.groups.keys()) {
        const { batch, confirmsRest } = await driver.poll(index, never);
        isConfirmed &&= confirmsRest;
        for (let row = 0; row < batch.length; row++) readings.push(readingAt(batch, row, tags));
      }
      return isConfirmed;
    },
    latest: (id) => readings.findLast((reading) => reading.tag.id === id),
    [Symbol.asyncDispose]: async () => {
      await driver.close();
    },
  };
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
