import type { Tag } from "../../src/domain/tag.ts";

/** A plain float tag; tests change what they are about. */
export function tagOf(index: number, changes: Partial<Tag> = {}): Tag {
  return {
    index,
    id: `FT-${100 + index}`,
    title: `Flow ${index}`,
    area: "grinding",
    device: "P1",
    type: "float32",
    unit: "m3/h",
    range: { low: 0, high: 100 },
    normal: null,
    scanClass: "fast",
    periodMs: 1000,
    values: null,
    scaling: { scale: 1, offset: 0, loopRaw: null },
    rolloverCounts: null,
    deadband: 0,
    maxSilenceMs: 60_000,
    stuckAfterMs: null,
    stuckWhile: null,
    source: {
      protocol: "modbus",
      table: "holding",
      address: index * 2,
      width: 2,
      bit: null,
      wordOrder: "ABCD",
    },
    ...changes,
  };
}
