import { describe, expect, test } from "vitest";
import type { OpcUaSource, Tag } from "../../../src/domain/tag.ts";
import {
  chunksOf,
  deadbandsToTry,
  planGroups,
  planKeepAlive,
  queueRows,
  retryAfterMs,
  silenceMsMax,
} from "../../../src/drivers/opcua/plan.ts";
import type { OpcUaTag } from "../../../src/drivers/opcua/plan.ts";
import { tagOf } from "../../support/tags.ts";

function tag(id: string, source: Partial<OpcUaSource> = {}, rest: Partial<Tag> = {}): OpcUaTag {
  return {
    ...tagOf(0, {
      id,
      title: id,
      area: "leach",
      device: "L",
      unit: "%",
      range: { low: 0, high: 200 },
      ...rest,
    }),
    source: {
      protocol: "opcua",
      node: `ns=3;s=${id}`,
      mode: "subscribe",
      samplingMs: 1_000,
      queueSize: 10,
      deadband: null,
      ...source,
    },
  };
}

test("subscribed tags of a device are one group, drained as often as news can come; read ones a group per scan class", () => {
  const tags = [
    tag("a"),
    tag("b", { samplingMs: 250 }),
    tag("c", { mode: "read" }),
    tag("d", { mode: "read" }, { scanClass: "slow", periodMs: 10_000 }),
    tag("e", {}, { device: "L2" }),
  ];
  const groups = planGroups("leach", 500, tags);
  expect(
    groups.map(({ device, scanClass, periodMs, tags: own }) => [device, scanClass, periodMs, own.length]),
  ).toEqual([
    ["L", "subscribed", 250, 2],
    ["L", "fast", 1_000, 1],
    ["L", "slow", 10_000, 1],
    ["L2", "subscribed", 500, 1],
  ]);
});

describe("keep-alive", () => {
  test.each([
    [100, 20, 600],
    [250, 8, 240],
    [1_000, 2, 60],
    [5_000, 1, 12],
    [60_000, 1, 3],
  ])(
    "publishing every %i ms: a sign of life after %i intervals, an end after %i",
    (publishingMs, keepAlive, lifetime) => {
      expect(planKeepAlive(publishingMs)).toEqual({
        publishingMs,
        keepAliveCount: keepAlive,
        lifetimeCount: lifetime,
      });
    },
  );

  test("silence is suspicious after two keep-alives as the server revised them", () => {
    expect(silenceMsMax({ publishingMs: 500, keepAliveCount: 10, lifetimeCount: 30 })).toBe(11_000);
  });
});

test("a refused node is tried again after half a minute, then twice as long each time, at most half an hour", () => {
  expect([1, 2, 3, 6, 7, 8, 1_000].map(retryAfterMs)).toEqual([
    30_000, 60_000, 120_000, 960_000, 1_800_000, 1_800_000, 1_800_000,
  ]);
});

test("chunks keep the order and leave nothing out", () => {
  expect(chunksOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(chunksOf([], 2)).toEqual([]);
});

test("waiting rows are bounded by what the server's queues hold, twice over, and by a limit", () => {
  expect(queueRows([tag("a")])).toBe(1_024);
  expect(queueRows(Array.from({ length: 1_000 }, () => tag("a")))).toBe(20_000);
  expect(queueRows(Array.from({ length: 100_000 }, () => tag("a")))).toBe(131_072);
});

describe("deadbandsToTry", () => {
  test.each([
    ["none", tag("a"), ["none 0"]],
    ["none for a bit", tag("a", { deadband: { kind: "absolute", amount: 1 } }, { type: "bool" }), ["none 0"]],
    [
      "absolute, then none",
      tag("a", { deadband: { kind: "absolute", amount: 1 } }),
      ["absolute 1", "none 0"],
    ],
    [
      "percent, then the same share of the tag's range, then none",
      tag("a", { deadband: { kind: "percent", amount: 0.5 } }),
      ["percent 0.5", "absolute 1", "none 0"],
    ],
    [
      "percent, then none where the tag has no range",
      tag("a", { deadband: { kind: "percent", amount: 0.5 } }, { range: null }),
      ["percent 0.5", "none 0"],
    ],
    [
      "absolute in raw counts where the tag is scaled",
      tag(
        "a",
        { deadband: { kind: "absolute", amount: 1 } },
        { scaling: { scale: -0.1, offset: 0, loopRaw: null } },
      ),
      ["absolute 10", "none 0"],
    ],
  ])("%s", (_, subject, expected) => {
    expect(deadbandsToTry(subject).map(({ kind, amount }) => `${kind} ${amount}`)).toEqual(expected);
  });
});
