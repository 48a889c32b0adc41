import { describe, expect, it } from "vitest";
import { systemClock } from "../../../src/domain/system-clock.ts";
import { createOutput } from "../../../src/outputs/index.ts";
import { DEAD_LETTERS_FILE, readLetters } from "../../../src/store/spool/dead-letters.ts";
import { startInfluxSink } from "../../support/influx-sink.ts";
import type { Answer, InfluxRequest } from "../../support/influx-sink.ts";
import { parseLine } from "../../support/line-protocol.ts";
import { memoryFs } from "../../support/memory-fs.ts";
import { influxContext, manyReadings, manyTags } from "../../support/outputs.ts";
import { feedOf, feedOptions, SPOOL, startForwarder, startSpool } from "../../support/spool.ts";
import { until } from "../../support/until.ts";

const ROWS = 5_000;
const tags = manyTags(ROWS);

/** One tag's field has another type in the database: its lines are refused by name, or the whole request is. */
const DATABASES: Record<string, (request: InfluxRequest) => Answer> = {
  "that names the bad line": ({ body }) =>
    body.includes("tag=T-1234 ")
      ? {
          status: 400,
          body: `{"error":"partial write: field type conflict: input field \\"value\\" on measurement \\"reading\\" is type float, already exists as type string dropped=1"}`,
        }
      : { status: 204 },
  "that refuses whole requests": ({ body }) =>
    body.includes("tag=T-1234 ")
      ? { status: 400, body: `{"error":"unable to parse 'T-1234': bad line"}` }
      : { status: 204 },
};

describe.each(Object.entries(DATABASES))("one bad line in 5,000 to a database %s", (_name, answer) => {
  it("becomes a dead letter with its reason, and the others are stored within five seconds", async () => {
    await using sink = await startInfluxSink();
    sink.answer = answer;
    const fs = memoryFs();
    const spool = await startSpool(fs, systemClock, {
      tags: tags.map(({ id }) => ({ id, scale: 1, offset: 0 })),
      outputs: [feedOptions("influx", { readingsMax: ROWS })],
    });
    const feed = feedOf(spool, "influx");
    const output = createOutput(influxContext({ url: sink.url }, tags));
    const forwarding = startForwarder(feed, output, systemClock);
    const begun = performance.now();
    spool.append(manyReadings(ROWS));
    await until(() => feed.counts().accepted === ROWS && feed.counts().pending === 0);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(feed.counts()).toMatchObject({ delivered: ROWS - 1, quarantined: 1 });
    const letters = await readLetters(fs, `${SPOOL}/${DEAD_LETTERS_FILE}`);
    expect(letters.map(({ tag }) => tag)).toEqual(["T-1234"]);
    expect(letters[0]!.reason).not.toBe("");
    spool.append(manyReadings(10, 2000));
    await until(() => feed.counts().delivered === ROWS + 9);
    const stored = new Set(sink.stored.map((line) => parseLine(line).tags["tag"]));
    expect(stored.size).toBeGreaterThanOrEqual(10);
    await forwarding.stop();
    await spool.close();
  });
});
