import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createBatch } from "../../../src/domain/batch.ts";
import type { Reading } from "../../../src/domain/batch.ts";
import { Status } from "../../../src/domain/status.ts";
import type { Tag } from "../../../src/domain/tag.ts";
import { EdgeNode } from "../../../src/outputs/sparkplug/edge-node.ts";
import type { Message } from "../../../src/outputs/sparkplug/edge-node.ts";
import { createTopics } from "../../../src/outputs/sparkplug/topics.ts";
import { batchOfRows, manyReadings, manyTags } from "../../support/outputs.ts";
import type { Row } from "../../support/outputs.ts";
import { decodePayload } from "../../support/sparkplug-payload.ts";
import { tagOf } from "../../support/tags.ts";

const NOW = 1_763_868_900_000;
const TAGS: readonly Tag[] = [
  tagOf(0, { device: "A" }),
  tagOf(1, { device: "A" }),
  tagOf(2, { device: "B" }),
];
const SILENT = { value: null, status: Status.BadNoCommunication } as const;

function nodeOf(tags = TAGS, reading?: (index: number) => Reading): EdgeNode {
  return new EdgeNode({ tags, topics: createTopics("g", "n"), reading });
}

const told = (messages: readonly Message[]): string[] =>
  messages.map(({ topic }) =>
    topic
      .split("/")
      .filter((_, level) => level === 2 || level === 4)
      .join(" "),
  );

const write = (node: EdgeNode, rows: readonly Row[], isHistory = false): Message[] => {
  const batch = batchOfRows(rows);
  batch.isHistory = isHistory;
  return node.data(batch, 0, batch.length, NOW);
};

const metrics = (message: Message | undefined) => decodePayload(message!.payload).metrics;

describe("an edge node", () => {
  test("gives birth to devices of which nothing is known yet", () => {
    expect(told(nodeOf().births(0, NOW))).toEqual(["NBIRTH", "DBIRTH A", "DBIRTH B"]);
  });

  test("lets a device die with the last of its tags, after telling so, and counts it", () => {
    const node = nodeOf();
    node.births(0, NOW);
    expect(told(write(node, [{ tag: 0, ...SILENT }]))).toEqual(["DDATA A"]);
    const messages = write(node, [{ tag: 1, ...SILENT }]);
    expect(told(messages)).toEqual(["DDATA A", "DDEATH A", "NDATA"]);
    expect(metrics(messages[2])).toMatchObject([{ alias: 2, value: 1 }]);
  });

  test.each([Status.BadNotConnected, Status.BadStale])("takes status %d for silence too", (status) => {
    const node = nodeOf();
    node.births(0, NOW);
    expect(told(write(node, [{ tag: 2, value: null, status }]))).toEqual(["DDATA B", "DDEATH B", "NDATA"]);
  });

  test("does not let a device die that answers with faults", () => {
    const node = nodeOf();
    node.births(0, NOW);
    expect(told(write(node, [{ tag: 2, value: null, status: Status.BadSensorFailure }]))).toEqual([
      "DDATA B",
    ]);
  });

  test("tells nothing more of a dead device until it answers, then gives birth to it before its data", () => {
    const node = nodeOf();
    node.births(0, NOW);
    write(node, [{ tag: 2, ...SILENT, time: 1000 }]);
    expect(write(node, [{ tag: 2, ...SILENT, time: 2000 }])).toEqual([]);
    expect(told(write(node, [{ tag: 2, value: 3, time: 3000 }]))).toEqual(["DBIRTH B", "DDATA B", "NDATA"]);
  });

  test("leaves dead devices out of a rebirth", () => {
    const node = nodeOf();
    node.births(0, NOW);
    write(node, [{ tag: 2, ...SILENT }]);
    const births = node.births(0, NOW);
    expect(told(births)).toEqual(["NBIRTH", "DBIRTH A"]);
    expect(metrics(births[0]).find(({ name }) => name === "Node Info/Devices Online")).toMatchObject({
      value: 1,
    });
  });

  test("brings a dead device back just for history, which would be lost otherwise", () => {
    const node = nodeOf();
    node.births(0, NOW);
    write(node, [{ tag: 2, ...SILENT, time: 5000 }]);
    const messages = write(node, [{ tag: 2, value: 3, time: 1000 }], true);
    expect(told(messages)).toEqual(["DBIRTH B", "DDATA B", "DDEATH B"]);
    expect(metrics(messages[1])).toMatchObject([{ isHistorical: true, value: 3, timestamp: 1000 }]);
  });

  test("marks what is older than the last value as historical, and does not fall back to it", () => {
    const node = nodeOf();
    node.births(0, NOW);
    const [message] = write(node, [
      { tag: 0, value: 2, time: 2000 },
      { tag: 1, value: 5, time: 500 },
    ]);
    expect(metrics(message).map(({ timestamp }) => timestamp)).toEqual([500, 2000]);
    const [late] = write(node, [{ tag: 0, value: 1, time: 1999 }]);
    expect(metrics(late)).toMatchObject([{ isHistorical: true, value: 1 }]);
    const birth = node.births(0, NOW)[1];
    expect(metrics(birth).find(({ alias }) => alias === 16)).toMatchObject({ value: 2, timestamp: 2000 });
    const [same] = write(node, [{ tag: 0, value: 2, time: 2000 }]);
    expect(metrics(same)[0]?.isHistorical).toBeUndefined();
  });

  test("tells quality when it is not good, and when it is good again, and otherwise not", () => {
    const node = nodeOf();
    node.births(0, NOW);
    const tells = (row: Row): boolean => metrics(write(node, [row])[0])[0]?.properties !== undefined;
    expect(tells({ tag: 0, value: 1, time: 1 })).toBe(true); // unknown before
    expect(tells({ tag: 0, value: 2, time: 2 })).toBe(false);
    expect(tells({ tag: 0, value: 2, time: 3, status: Status.UncertainStuck })).toBe(true);
    expect(tells({ tag: 0, value: 2, time: 4, status: Status.UncertainStuck })).toBe(true);
    expect(tells({ tag: 0, value: 2, time: 5 })).toBe(true);
    expect(tells({ tag: 0, value: 2, time: 6 })).toBe(false);
  });

  test("is born with the process image where there is one, and takes readings that lag behind it for history", () => {
    const image =
      (value: Reading["value"], time: number, status = Status.Good as number) =>
      (index: number) => ({
        tag: TAGS[index]!,
        value: index === 0 ? value : null,
        status: index === 0 ? status : Status.BadWaitingForInitialData,
        sourceTime: index === 0 ? time : NaN,
        receivedTime: index === 0 ? time + 1 : NaN,
      });
    const node = nodeOf(TAGS, image(9.5, 5000));
    const born = metrics(node.births(0, NOW)[1]);
    expect(born.find(({ alias }) => alias === 16)).toMatchObject({ value: 9.5, timestamp: 5000 });
    expect(born.find(({ alias }) => alias === 17)).toMatchObject({ isNull: true, timestamp: NOW });
    expect(metrics(write(node, [{ tag: 0, value: 9, time: 4000 }])[0])).toMatchObject([
      { isHistorical: true },
    ]);
  });

  test("does not fall back to a process image that is older than what was written", () => {
    const texts = [tagOf(0, { type: "string" })];
    const node = nodeOf(texts, () => ({
      tag: texts[0]!,
      value: "old",
      status: 0,
      sourceTime: -1,
      receivedTime: 100,
    }));
    expect(metrics(node.births(0, NOW)[1])).toMatchObject([{ value: "old", timestamp: 100 }]);
    write(node, [{ tag: 0, value: "new", time: 200 }]);
    expect(metrics(node.births(0, NOW)[1])).toMatchObject([{ value: "new", timestamp: 200 }]);
  });

  test("splits what would be a very long message, and numbers the parts", () => {
    const node = nodeOf(manyTags(1200));
    node.births(0, NOW);
    const messages = node.data(manyReadings(1200), 0, 1200, NOW);
    expect(messages.map((message) => metrics(message).length)).toEqual([500, 500, 200]);
    expect(messages.map(({ payload }) => decodePayload(payload).seq)).toEqual([2, 3, 4]);
    const texts = nodeOf(Array.from({ length: 5 }, (_, index) => tagOf(index, { type: "string" })));
    texts.births(0, NOW);
    const long = write(
      texts,
      Array.from({ length: 5 }, (_, tag) => ({ tag, value: "x".repeat(40_000) })),
    );
    expect(long.map((message) => metrics(message).length)).toEqual([2, 2, 1]);
  });

  test("refuses a batch of another plant", () => {
    const node = nodeOf();
    node.births(0, NOW);
    expect(() => write(node, [{ tag: 3, value: 1 }])).toThrow(RangeError);
    expect(node.data(createBatch(0), 0, 0, NOW)).toEqual([]);
  });

  test("numbers without a gap, tells every reading once, and keeps births before data, whatever comes", () => {
    const anyRow = fc.record({
      tag: fc.nat({ max: 2 }),
      value: fc.constantFrom(null, 1, 2),
      status: fc.constantFrom(Status.Good, Status.UncertainStale, Status.BadNoCommunication),
      time: fc.integer({ min: 1, max: 50 }),
    });
    const anyWrite = fc.record({
      rows: fc.array(anyRow, { minLength: 1, maxLength: 8 }),
      isHistory: fc.boolean(),
      rebirth: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anyWrite, { maxLength: 40 }), (writes) => {
        const node = nodeOf();
        const all = node.births(0, NOW);
        for (const { rows, isHistory, rebirth } of writes) {
          all.push(...write(node, rows, isHistory));
          if (rebirth) all.push(...node.births(0, NOW));
        }
        let next = 0;
        let alive = new Set<string>();
        for (const message of all) {
          const [verb, device = ""] = told([message])[0]!.split(" ");
          const { seq } = decodePayload(message.payload);
          if (verb === "NBIRTH") [next, alive] = [0, new Set()];
          expect(seq).toBe(next);
          next = (next + 1) % 256;
          if (verb === "DBIRTH") alive.add(device);
          if (verb === "DDATA" || verb === "DDEATH") expect(alive.has(device)).toBe(true);
          if (verb === "DDEATH") alive.delete(device);
        }
      }),
      { numRuns: 300 },
    );
  });
});
