import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { acceleratedClock } from "../../src/domain/system-clock.ts";
import { createOutput } from "../../src/outputs/index.ts";
import { FLOW_CLAIMS } from "../integration/sparkplug/claims-flow.ts";
import { PAYLOAD_CLAIMS } from "../integration/sparkplug/claims-payloads.ts";
import { TOPIC_CLAIMS } from "../integration/sparkplug/claims-topics.ts";
import { recordSession } from "../integration/sparkplug/recorded-session.ts";
import type { RecordedSession } from "../integration/sparkplug/recorded-session.ts";
import { memoryFs } from "../support/memory-fs.ts";
import { startMosquitto } from "../support/mosquitto.ts";
import { batchOfRows, sparkplugContext } from "../support/outputs.ts";
import { temporaryFolder } from "../support/program.ts";
import { startHost } from "../support/sparkplug-host.ts";
import { metricNamed } from "../support/sparkplug-trace.ts";
import { feedOf, feedOptions, startForwarder, startSpool } from "../support/spool.ts";
import { tagOf } from "../support/tags.ts";
import { until } from "../support/until.ts";

describe("at mosquitto", () => {
  let session: RecordedSession;

  beforeAll(async () => {
    await using broker = await startMosquitto();
    session = await recordSession(broker.port);
  });

  test.each(
    [...TOPIC_CLAIMS, ...PAYLOAD_CLAIMS, ...FLOW_CLAIMS].map(
      ([id, does, prove]) => [`${does} [tck-id-${id}]`, prove] as const,
    ),
  )("%s", (_title, prove) => {
    prove(session);
  });
});

/** An edge node in a process of its own, which says one word when it is born. */
function startNode(url: string, dir: string): { child: ChildProcess; born: Promise<unknown> } {
  const script = `
    const { createOutput } = await import("./src/outputs/index.ts");
    const { KINDS, never, sparkplugContext } = await import("./test/support/outputs.ts");
    await createOutput(sparkplugContext(${JSON.stringify({ url })}, KINDS, ${JSON.stringify(dir)})).connect(never);
    process.send("born");
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  return { child, born: new Promise((resolve) => child.once("message", resolve)) };
}

test("after SIGKILL the broker tells the death of just that session, and the next one has the next bdSeq", async () => {
  await using broker = await startMosquitto();
  await using host = await startHost({ url: broker.url });
  using folder = temporaryFolder();
  for (let life = 0; life < 3; life++) {
    const { child, born } = startNode(broker.url, folder.path);
    await born;
    child.kill("SIGKILL");
    await until(() => host.verbs().filter((verb) => verb === "NDEATH").length === life + 1);
  }
  const sessions = host.heard.filter(({ verb }) => verb === "NBIRTH" || verb === "NDEATH");
  expect(sessions.map((message) => [message.verb, metricNamed(message, "bdSeq").value])).toEqual([
    ["NBIRTH", 0n],
    ["NDEATH", 0n],
    ["NBIRTH", 1n],
    ["NDEATH", 1n],
    ["NBIRTH", 2n],
    ["NDEATH", 2n],
  ]);
  expect(host.heard.every(({ retain }) => !retain)).toBe(true);
});

const KILLS = process.env["PUMA_SOAK"] === undefined ? 5 : 50;
const DEVICES = 20;
const ROUND_MS = 20; // a reading of each device, each in a message of its own
const SPEED = 4; // the waits take a quarter of their time, which leaves the host 2.5 s to come back on a busy machine

test(
  `a host misses none of a thousand messages a second, though the broker is killed ${KILLS} times`,
  async () => {
    await using broker = await startMosquitto();
    await using host = await startHost({ url: broker.url, asksRebirth: true });
    using folder = temporaryFolder();
    const tags = Array.from({ length: DEVICES }, (_, index) => tagOf(index, { device: `D${index}` }));
    const clock = acceleratedClock(SPEED, Date.now());
    const spool = await startSpool(memoryFs(), clock, {
      tags: tags.map(({ id }) => ({ id, scale: 1, offset: 0 })),
      // A broker that dies each 13 s is sent all that it ever got once more: no faster than its host can keep pace with.
      outputs: [feedOptions("mqtt", { settleMs: 10_000, historyReadingsPerS: 10_000 / SPEED })],
    });
    const feed = feedOf(spool, "mqtt");
    const output = createOutput(sparkplugContext({ url: broker.url }, tags, folder.path, clock));
    const forwarding = startForwarder(feed, output, clock);
    const missing = new Set<string>();
    let heard = 0;
    let isPastHeard = false;
    /** Takes out of the host what it has heard, millions of values in the end, and asks how many. */
    const listen = (): number => {
      for (const { name, timestamp, isHistorical } of host.values.splice(0)) {
        missing.delete(`${name} ${timestamp}`);
        isPastHeard ||= isHistorical === true;
        heard++;
      }
      return heard;
    };
    const start = Date.now();
    const over = new AbortController();
    const writing = (async (): Promise<void> => {
      for (let round = 0; !over.signal.aborted; round++) {
        const rows = tags.map(({ index }) => ({ tag: index, value: round, time: start + round }));
        for (const { id } of tags) missing.add(`${id} ${start + round}`);
        spool.append(batchOfRows(rows));
        await pause(Math.max(0, start + round * ROUND_MS - Date.now()));
      }
    })();
    for (let kill = 0; kill < KILLS; kill++) {
      await pause(2000 + Math.random() * 1000);
      const before = listen();
      expect(before).toBeGreaterThan(0);
      const ended = new Promise((resolve) => broker.process().once("exit", resolve));
      broker.process().kill("SIGKILL");
      await ended;
      await pause(Math.random() * 300);
      await broker.restart();
      await until(() => listen() > before + 500, 20_000);
    }
    over.abort();
    await writing;
    await until(() => listen() > 0 && missing.size === 0, 120_000).catch(() => undefined);
    expect({ missing: [...missing], pending: feed.counts().pending }).toEqual({ missing: [], pending: 0 });
    expect(isPastHeard).toBe(true);
    await forwarding.stop();
    await spool.close();
  },
  180_000 + KILLS * 10_000,
);
