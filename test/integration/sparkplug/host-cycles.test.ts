import { expect, test } from "vitest";
import { acceleratedClock } from "../../../src/domain/system-clock.ts";
import { createOutput } from "../../../src/outputs/index.ts";
import { memoryFs } from "../../support/memory-fs.ts";
import { batchOfRows, KINDS, sparkplugContext } from "../../support/outputs.ts";
import { temporaryFolder } from "../../support/program.ts";
import { startRecordingBroker } from "../../support/recording-broker.ts";
import type { Recorded } from "../../support/recording-broker.ts";
import { startHost } from "../../support/sparkplug-host.ts";
import { metricNamed } from "../../support/sparkplug-trace.ts";
import { expectBalance, feedOf, feedOptions, startForwarder, startSpool } from "../../support/spool.ts";
import { until } from "../../support/until.ts";

const CYCLES = 100;
const SPEED = 20; // outages of three quarters of a second are long, and its goodbyes have a tenth of a second
const TAGS = [0, 5]; // of two devices

test(`through ${CYCLES} times that its primary host goes and comes back no reading is lost, none is sent unheard, and the past is marked`, async () => {
  const trace: Recorded[] = [];
  await using broker = await startRecordingBroker("a", trace);
  await using host = await startHost({ url: broker.url });
  using folder = temporaryFolder();
  const clock = acceleratedClock(SPEED, Date.now());
  const spool = await startSpool(memoryFs(), clock, {
    tags: KINDS.map(({ id }) => ({ id, scale: 1, offset: 0 })),
    outputs: [feedOptions("mqtt", { trimLagMs: 0 })],
  });
  const feed = feedOf(spool, "mqtt");
  const context = sparkplugContext({ url: broker.url, primaryHost: "scada" }, KINDS, folder.path, clock);
  const forwarding = startForwarder(feed, createOutput(context), clock);
  const written: string[] = [];
  let time = Math.floor(clock.now());
  const read = (): void => {
    time = Math.max(time + 1, Math.floor(clock.now()));
    spool.append(batchOfRows(TAGS.map((tag) => ({ tag, value: written.length, time }))));
    for (const tag of TAGS) written.push(`${KINDS[tag]!.id} ${time}`);
  };
  const heard = (verb: string): number => host.heard.filter((message) => message.verb === verb).length;
  const values = (): string[] => host.values.map(({ name, timestamp }) => `${name} ${timestamp}`);

  await host.state(true, 1);
  await until(() => heard("NBIRTH") === 1);
  for (let cycle = 1; cycle <= CYCLES; cycle++) {
    read();
    await until(() => values().includes(written.at(-1)!));
    await host.state(false, 2 * cycle);
    await until(() => heard("NDEATH") === cycle && !forwarding.forwarder.isConnected());
    const before = host.values.length;
    const away = clock.monotonic();
    read();
    if (cycle % 10 === 0) await until(() => clock.monotonic() - away > 15_000); // long enough to be history
    expect(host.values.length).toBe(before);
    await host.state(true, 2 * cycle + 1);
    await until(() => heard("NBIRTH") === cycle + 1);
  }
  await until(() => feed.counts().pending === 0);
  await until(() => new Set(values()).size === written.length);
  expect(new Set(values())).toEqual(new Set(written));
  expect(host.gaps).toEqual([]);
  expectBalance(feed.counts());

  const bdSeqs = host.heard
    .filter(({ verb }) => verb === "NBIRTH" || verb === "NDEATH")
    .map((message) => Number(metricNamed(message, "bdSeq").value));
  expect(bdSeqs).toEqual(bdSeqs.map((_, at) => Math.floor(at / 2)));
  const past = host.values.filter(({ isHistorical }) => isHistorical === true);
  expect(past.length).toBeGreaterThanOrEqual(CYCLES / 10);
  for (const tag of TAGS) {
    const present = host.values.filter(
      ({ name, isHistorical }) => name === KINDS[tag]!.id && isHistorical !== true,
    );
    const times = present.map(({ timestamp }) => Number(timestamp));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  }
  await forwarding.stop();
  await spool.close();
});
