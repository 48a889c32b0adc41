import { setImmediate as letOthersRun } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { acceleratedClock } from "../../src/domain/system-clock.ts";
import { createOutput } from "../../src/outputs/index.ts";
import type { OutputContext } from "../../src/outputs/context.ts";
import { startInfluxSink } from "../support/influx-sink.ts";
import { parseLine } from "../support/line-protocol.ts";
import { startMqttSink } from "../support/mqtt-sink.ts";
import {
  influxContext,
  manyReadings,
  manyTags,
  mqttContext,
  never,
  sparkplugContext,
} from "../support/outputs.ts";
import { temporaryFolder } from "../support/program.ts";
import { decodePayload } from "../support/sparkplug-payload.ts";
import { until } from "../support/until.ts";

const ROWS = 3000;
const tags = manyTags(ROWS);

/** A sink as the suite sees it, whatever it speaks. */
interface Sink extends AsyncDisposable {
  readonly context: OutputContext;
  /** Tag ids of readings in the order of arrival. */
  readonly arrived: () => string[];
  /** Connections break during the writes that follow, until `mend`. */
  readonly breakDuringWrite: () => void;
  readonly mend: () => void;
  /** Answers nothing more. */
  readonly freeze: () => void;
}

const SINKS: Record<string, () => Promise<Sink>> = {
  "MQTT at QoS 1": () => mqttSink(1),
  "MQTT at QoS 0": () => mqttSink(0),
  Sparkplug: () => sparkplugSink(),
  "InfluxDB 1": () => influxSink({ version: 1 }),
  "InfluxDB 2": () => influxSink({ version: 2, organization: "o", bucket: "b", token: "t" }),
  "InfluxDB 3 with gzip": () => influxSink({ version: 3, token: "t", gzip: true }),
};

async function mqttSink(qos: 0 | 1): Promise<Sink> {
  const sink = await startMqttSink();
  return {
    context: mqttContext({ url: sink.url, qos }, tags),
    arrived: () =>
      sink.messages
        .filter(({ topic }) => !topic.endsWith("/status"))
        .map(({ topic }) => topic.split("/")[3]!),
    breakDuringWrite: () => {
      sink.cutAfter = 500;
    },
    mend: () => {
      sink.cutAfter = Infinity;
    },
    freeze: () => sink.freeze(),
    [Symbol.asyncDispose]: () => sink[Symbol.asyncDispose](),
  };
}

/** A host that learns the aliases from the births; a broken connection here breaks after a few messages, not readings. */
async function sparkplugSink(): Promise<Sink> {
  const sink = await startMqttSink();
  const folder = temporaryFolder();
  const names = new Map<number | undefined, string>();
  const arrived: string[] = [];
  let read = 0;
  const readOn = (): string[] => {
    for (; read < sink.messages.length; read++) {
      const { topic } = sink.messages[read]!;
      for (const { name, alias } of decodePayload(sink.payloads[read]!).metrics)
        if (topic.includes("/DBIRTH/")) names.set(alias, name!);
        else if (topic.includes("/DDATA/")) arrived.push(names.get(alias)!);
    }
    return arrived;
  };
  return {
    context: sparkplugContext({ url: sink.url }, tags, folder.path),
    arrived: readOn,
    breakDuringWrite: () => {
      sink.cutAfter = 3;
    },
    mend: () => {
      sink.cutAfter = Infinity;
    },
    freeze: () => sink.freeze(),
    async [Symbol.asyncDispose]() {
      await sink[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

async function influxSink(changes: Parameters<typeof influxContext>[0]): Promise<Sink> {
  const sink = await startInfluxSink();
  return {
    context: influxContext({ url: sink.url, batchReadingsMax: 1000, ...changes }, tags),
    arrived: () => sink.stored.map((line) => parseLine(line).tags["tag"]!),
    breakDuringWrite: () => {
      let writes = 0;
      sink.answer = () => (++writes >= 2 ? { status: 0, instead: "cut" } : { status: 204 });
    },
    mend: () => {
      sink.answer = () => ({ status: 204 });
    },
    freeze: () => {
      sink.answer = () => ({ status: 0, instead: "silence" });
    },
    [Symbol.asyncDispose]: () => sink[Symbol.asyncDispose](),
  };
}

describe.each(Object.entries(SINKS))("an output to %s", (_name, start) => {
  test("delivers every row exactly once, in order, and several batches one after the other", async () => {
    await using sink = await start();
    const output = createOutput(sink.context);
    await output.connect(never);
    for (let round = 0; round < 3; round++)
      expect(await output.write(manyReadings(ROWS, 1000 + round), never)).toEqual([]);
    const expected = tags.map(({ id }) => id);
    await until(() => sink.arrived().length >= 3 * ROWS);
    expect(sink.arrived()).toEqual([...expected, ...expected, ...expected]);
    await output.close();
  });

  test("takes an empty batch", async () => {
    await using sink = await start();
    const output = createOutput(sink.context);
    await output.connect(never);
    expect(await output.write(manyReadings(0), never)).toEqual([]);
    await output.close();
  });

  test("says ConnectionLost when nobody listens", async () => {
    const sink = await start();
    const output = createOutput(sink.context);
    await sink[Symbol.asyncDispose]();
    await expect(output.connect(never)).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    await output.close();
  });

  test("says ConnectionLost when the connection breaks, and delivers the whole batch after connecting again", async () => {
    await using sink = await start();
    const output = createOutput(sink.context);
    await output.connect(never);
    sink.breakDuringWrite();
    const batch = manyReadings(ROWS);
    await expect(writeUntilFailure()).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    const before = sink.arrived().length;
    sink.mend();
    await output.connect(never);
    expect(await output.write(batch, never)).toEqual([]);
    await until(() => sink.arrived().length >= before + ROWS);
    expect(new Set(sink.arrived())).toEqual(new Set(tags.map(({ id }) => id)));
    await output.close();

    // At QoS 0 a broken connection shows with the next write at the latest.
    async function writeUntilFailure(): Promise<void> {
      for (let round = 0; round < 500; round++) {
        await output.write(batch, never);
        await letOthersRun();
      }
    }
  });

  test("tells of a lost connection while nothing is written", async () => {
    const sink = await start();
    const output = createOutput({ ...sink.context, clock: acceleratedClock(100, Date.now()) });
    await output.connect(never);
    const before = output.lost();
    expect(before.aborted).toBe(false);
    await sink[Symbol.asyncDispose]();
    await until(() => before.aborted);
    expect(before.reason).toMatchObject({ code: "CONNECTION_LOST" });
    await output.close();
  });

  test("leaves a write at once when the signal is aborted", async () => {
    await using sink = await start();
    const output = createOutput(sink.context);
    await output.connect(never);
    sink.freeze();
    const stop = new AbortController();
    const writing = output.write(manyReadings(ROWS), stop.signal);
    const reason = new Error("shutting down");
    stop.abort(reason);
    await expect(writing).rejects.toBe(reason);
    await output.close();
  });

  test("refuses to connect or write with a signal that is aborted already", async () => {
    await using sink = await start();
    const output = createOutput(sink.context);
    const reason = new Error("too late");
    await expect(output.connect(AbortSignal.abort(reason))).rejects.toBe(reason);
    await output.connect(never);
    await expect(output.write(manyReadings(1), AbortSignal.abort(reason))).rejects.toBe(reason);
    await output.close();
  });

  test("refuses everything after close, and closes twice without complaint", async () => {
    await using sink = await start();
    const output = createOutput(sink.context);
    await output.connect(never);
    await output.close();
    await output.close();
    await expect(output.write(manyReadings(1), never)).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    await expect(output.connect(never)).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  });
});
