import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BadConfiguration } from "../../../src/domain/errors.ts";
import { Status } from "../../../src/domain/status.ts";
import { Engine } from "../../../src/store/historian/engine.ts";
import { packFrame } from "../../../src/store/historian/frame.ts";
import { batchFrom, rowsOf } from "../../support/history.ts";
import type { Row } from "../../support/history.ts";

const START = Date.UTC(2026, 10, 22, 12);
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const TAGS = ["FT-207", "XS-203", "KQ-299"].map((name) => ({ name, linear: { scale: 1, offset: 0 } }));
const ALL = [0, 1e14] as const;

let dir: string;
let engine: Engine;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "puma-historian-"));
  engine = new Engine(dir, TAGS);
});
afterEach(() => {
  engine.close();
  rmSync(dir, { recursive: true });
});

function append(tag: number, rows: readonly Row[]): void {
  engine.append(packFrame(batchFrom(tag, rows), engine.ids));
}

function work(): void {
  while (engine.step()) continue;
}

function archive(): void {
  engine.closeNow();
  work();
}

/** How many readings each chunk in the database has, in the order of time. */
function chunkRows(): number[] {
  const database = new DatabaseSync(join(dir, "historian.sqlite"), { readOnly: true });
  const rows = database.prepare("select rows from chunk order by first").all();
  database.close();
  return rows.map(({ rows: count }) => count as number);
}

function reopen(): void {
  engine.close();
  engine = new Engine(dir, TAGS);
}

/** All readings of a tag, read page by page. */
function all(tag: number, pageRows = 5_000): Row[] {
  const rows: Row[] = [];
  for (let next: number | null = ALL[0]; next !== null;) {
    const page = engine.readRaw(engine.ids[tag]!, next, ALL[1], pageRows);
    rows.push(...rowsOf(page));
    next = page.next;
  }
  return rows;
}

function every(stepMs: number, count: number, value: (place: number) => number, start = START): Row[] {
  return Array.from({ length: count }, (_, place) => ({
    time: start + stepMs * place,
    value: value(place),
    status: 0,
  }));
}

const logs = (): string[] => readdirSync(dir).filter((name) => name.startsWith("historian-open."));

/** Appends one reading, and gives what must be read back. */
function appendOne(
  tag: number,
  { exact, ...told }: Omit<Row, "exact"> & { readonly exact: bigint | string | null },
): readonly [time: number, row: Row] {
  const isBad = told.status === Status.BadNoCommunication;
  const row = { ...told, time: START + told.time, ...(exact === null || isBad ? {} : { exact }) };
  append(tag, [row]);
  return [row.time, { ...row, value: isBad ? NaN : row.value }];
}

function expectReadsBack(tag: number, given: Row[]): void {
  const rows = given.sort((a, b) => a.time - b.time);
  expect(all(tag, 7)).toEqual(rows);
  const middle = START + 200;
  const latest = engine.latestBefore(engine.ids[tag]!, middle)?.time;
  expect(latest).toBe(rows.findLast(({ time }) => time < middle)?.time);
}

describe("whatever is done with it, the historian reads back what it was given", () => {
  const row = fc.record({
    tag: fc.integer({ min: 0, max: 2 }),
    // Close together, so that times repeat and go back; now and then in another hour.
    time: fc.oneof(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 3 * HOUR_MS })),
    value: fc.double({ noNaN: true }),
    status: fc.constantFrom(Status.Good, Status.UncertainStale, Status.BadNoCommunication),
    exact: fc.option(fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n }), fc.string()), { freq: 8 }),
  });
  const deed = fc.oneof(
    { weight: 6, arbitrary: fc.record({ append: fc.array(row, { minLength: 1, maxLength: 30 }) }) },
    { weight: 2, arbitrary: fc.constant("archive" as const) },
    { weight: 1, arbitrary: fc.constant("reopen" as const) },
  );

  it("a later reading of the same tag and time replaces the earlier, also in another run", () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 12 }), (deeds) => {
        rmSync(dir, { recursive: true });
        engine = new Engine(dir, TAGS);
        const model = TAGS.map(() => new Map<number, Row>());
        for (const one of deeds) {
          if (one === "archive") archive();
          else if (one === "reopen") reopen();
          else for (const { tag, ...told } of one.append) model[tag]?.set(...appendOne(tag, told));
        }
        for (const [tag, expected] of model.entries()) expectReadsBack(tag, [...expected.values()]);
        engine.close();
      }),
      { numRuns: 60 },
    );
    engine = new Engine(dir, TAGS);
  });
});

describe("buckets", () => {
  it("keep a spike of one second in a day of seconds, at its own time, from the roll-up and from the readings alike", () => {
    const spikeAt = 51_234;
    append(
      0,
      every(1000, 86_400, (second) => (second === spikeAt ? 99.5 : 16 + (second % 7) / 10)),
    );
    for (const isArchived of [false, true]) {
      if (isArchived) archive();
      for (const buckets of [1000, 100, 3]) {
        const result = engine.readBuckets(engine.ids[0]!, START, START + DAY_MS, buckets);
        expect(result.length).toBe(buckets);
        const place = result.max.indexOf(99.5);
        expect(result.maxTime[place]).toBe(START + 1000 * spikeAt);
        expect(Math.min(...result.min)).toBe(16);
        expect(result.count.reduce((sum, count) => sum + count, 0)).toBe(86_400);
        expect(result.mean[0]).toBeCloseTo(16.3, 1);
      }
    }
  });

  it("leave out the stretches without readings and carry the worst status and the first bad reading of each", () => {
    append(0, [
      ...every(1000, 1800, () => 1),
      { time: START + 1_800_000, value: 7, status: Status.UncertainStale },
      { time: START + 1_801_000, value: 0, status: Status.BadNoCommunication },
      { time: START + 1_802_000, value: 0, status: Status.BadDeviceFailure },
      ...every(1000, 600, () => 2, START + 5 * HOUR_MS),
    ]);
    for (const isArchived of [false, true]) {
      if (isArchived) archive();
      const result = engine.readBuckets(engine.ids[0]!, START, START + 6 * HOUR_MS, 6);
      expect([...result.count]).toEqual([1801, 600]);
      expect([...result.status]).toEqual([Status.UncertainStale, Status.Good]);
      expect([...result.badTime]).toEqual([START + 1_801_000, NaN]);
      expect(result.badStatus[0]).toBe(Status.BadNoCommunication);
    }
  });

  it("keep 64-bit integers beyond 2^53 and texts exact", () => {
    const big = 2n ** 60n + 1n;
    append(2, [{ time: START, value: Number(big), exact: big }]);
    append(1, [
      { time: START, value: NaN, exact: "idle" },
      { time: START + 1, value: NaN, exact: "leach" },
    ]);
    archive();
    expect(engine.readBuckets(engine.ids[2]!, START, START + DAY_MS, 2).exactMax.get(0)).toBe(big);
    expect(engine.readBuckets(engine.ids[1]!, START, START + DAY_MS, 2).text.get(0)).toEqual([
      START + 1,
      "leach",
    ]);
  });
});

describe("moving to the database", () => {
  it("begins a minute after the end of an hour and then removes the log", () => {
    append(
      0,
      every(1000, 3600 + 59, (second) => second),
    );
    work();
    expect(engine.health().open).toBe(3659);
    append(
      0,
      every(1000, 120, (second) => second, START + HOUR_MS + 59_000),
    );
    work();
    expect(engine.health()).toMatchObject({ open: 0, lastError: null });
    expect(logs()).toHaveLength(1);
    expect(all(0)).toHaveLength(3779);
  });

  it("joins small pieces of an hour, so that they leave no crumbs when it is over", () => {
    for (let minute = 0; minute < 60; minute++) {
      append(
        0,
        every(1000, 60, (second) => second, START + 60_000 * minute + 30_000),
      );
      archive();
      expect(chunkRows().length).toBeLessThan(15);
    }
    const ofTheNextHour = 1;
    expect(chunkRows().length - ofTheNextHour).toBeLessThan(5);
    expect(all(0)).toHaveLength(3600);
  });

  it("writes readings that come in small pieces no more than three times", () => {
    let written = 0;
    for (let minute = 0; minute < 60; minute++) {
      append(
        0,
        every(1000, 60, (second) => second, START + 60_000 * minute),
      );
      archive();
      written += chunkRows().at(-1) ?? 0;
    }
    expect(written).toBeGreaterThan(3600);
    expect(written).toBeLessThan(3 * 3600);
  });

  it("knows a tag by its name, whatever its place in the plant file", () => {
    append(
      0,
      every(1000, 3, () => 5),
    );
    engine.close();
    engine = new Engine(dir, [{ name: "NEW-1", linear: { scale: 1, offset: 0 } }, ...TAGS.toReversed()]);
    expect(all(3).map(({ value }) => value)).toEqual([5, 5, 5]);
    expect(all(0)).toEqual([]);
  });
});

describe("retention", () => {
  it("removes what is older than asked for, to the hour, and gives the room back", () => {
    for (let day = 0; day < 40; day++)
      append(
        0,
        every(10_000, 8640, (place) => Math.sqrt(place + day), START + day * DAY_MS),
      );
    archive();
    const before = engine.health().databaseBytes;
    const limit = START + 30 * DAY_MS;
    engine.forgetBefore(limit);
    work();
    expect(engine.latestBefore(engine.ids[0]!, limit)).toBeNull();
    expect(all(0)).toHaveLength(10 * 8640);
    expect(engine.health().databaseBytes).toBeLessThan(before / 2);
  });
});

describe("after a crash", () => {
  it("everything whole in the log is there, and what was cut off is not", () => {
    append(
      0,
      every(1000, 10, (second) => second),
    );
    const [name] = logs();
    const file = join(dir, name!);
    const whole = readFileSync(file);
    append(
      0,
      every(1000, 10, (second) => 100 + second, START + 10_000),
    );
    const both = readFileSync(file);
    for (const length of [whole.length, whole.length + 1, whole.length + 40, both.length - 1]) {
      engine.close();
      rmSync(dir, { recursive: true });
      engine = new Engine(dir, TAGS);
      engine.close();
      writeFileSync(join(dir, name!), both.subarray(0, length));
      engine = new Engine(dir, TAGS);
      expect(all(0).map(({ value }) => value)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
  });

  it("a log with a flipped bit ends before it", () => {
    append(
      0,
      every(1000, 10, (second) => second),
    );
    append(
      0,
      every(1000, 10, (second) => second, START + 10_000),
    );
    engine.close();
    const file = join(dir, logs()[0]!);
    const bytes = readFileSync(file);
    bytes[bytes.length - 5]! ^= 0x10;
    writeFileSync(file, bytes);
    engine = new Engine(dir, TAGS);
    expect(all(0)).toHaveLength(10);
  });

  it("a damaged chunk hides only itself, is told, and is put aside when its hour is written again", () => {
    append(
      0,
      every(1000, 3 * 3600, (second) => second),
    );
    archive();
    engine.close();
    const database = new DatabaseSync(join(dir, "historian.sqlite"));
    database.exec("update chunk set body = x'01ff' where id = 2");
    database.close();
    engine = new Engine(dir, TAGS);
    expect(all(0)).toHaveLength(2 * 3600);
    expect(engine.health().lastError?.sentence).toContain("damaged");
    append(
      0,
      every(1000, 1, () => 5, START + HOUR_MS),
    );
    archive();
    expect(all(0)).toHaveLength(2 * 3600 + 1);
  });
});

describe("files that it must not touch", () => {
  const refusedOpening = (): unknown => {
    try {
      new Engine(dir, TAGS).close();
      return null;
    } catch (error) {
      return error;
    }
  };

  it.each([
    ["a database of a newer version", "pragma user_version = 99", /newer version/],
    ["a database of somebody else", "pragma application_id = 1", /no history of the gateway/],
  ])("%s is refused with a sentence and left as it is", (_, sql, sentence) => {
    append(
      0,
      every(1000, 5, () => 1),
    );
    engine.close();
    const file = join(dir, "historian.sqlite");
    const database = new DatabaseSync(file);
    database.exec(`${sql}; pragma wal_checkpoint(truncate)`);
    database.close();
    const before = readFileSync(file);
    const error = refusedOpening();
    expect(error).toBeInstanceOf(BadConfiguration);
    expect((error as Error).message).toMatch(sentence);
    expect(readFileSync(file).equals(before)).toBe(true);
    rmSync(file);
    engine = new Engine(dir, TAGS);
  });

  it("a log of a newer version is refused with a sentence and stays", () => {
    engine.close();
    const file = join(dir, "historian-open.77");
    writeFileSync(file, Buffer.concat([Buffer.from("pumahist"), Buffer.from([9, 0, 0, 0, 0, 0, 0, 0])]));
    expect((refusedOpening() as Error).message).toMatch(/historian-open\.77.*newer version/);
    expect(existsSync(file)).toBe(true);
    rmSync(file);
    engine = new Engine(dir, TAGS);
  });

  it("the folder of another gateway that is running is left alone", () => {
    expect((refusedOpening() as Error).message).toContain("another gateway");
    appendFileSync(join(dir, "unrelated"), "");
    append(
      0,
      every(1000, 5, () => 1),
    );
    expect(all(0)).toHaveLength(5);
  });
});
