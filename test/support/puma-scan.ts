import { steadyState } from "../../simulators/instruments/steady-state.ts";
import { linearOf } from "../../src/conditioning/scaling.ts";
import type { Plant } from "../../src/config/plant.ts";
import { createBatch } from "../../src/domain/batch.ts";
import type { ReadingBatch } from "../../src/domain/batch.ts";
import type { Tag } from "../../src/domain/tag.ts";

type Value = ReturnType<ReturnType<typeof steadyState>["valueAt"]>;

/** What the gateway gets of a value that has been through a register. */
function asRead(tag: Tag, value: Value): number {
  if (tag.type.startsWith("float")) return Math.fround(Number(value));
  const { scale, offset } = linearOf(tag);
  return Math.round((Number(value) - offset) / scale) * scale + offset;
}

/** Every tag of a plant at steady state, one batch for each device, without any deadband. */
export function plantScan(plant: Plant, seed: number): (time: number) => ReadingBatch[] {
  const source = steadyState(plant, seed);
  const groups = [...Map.groupBy(plant.tags, ({ device }) => device).values()];
  return (time) =>
    groups.map((group) => {
      const batch = createBatch(group.length);
      for (const tag of group) {
        const row = batch.length++;
        const value = source.valueAt(tag, time);
        batch.tag[row] = tag.index;
        batch.value[row] = asRead(tag, value);
        batch.sourceTime[row] = batch.receivedTime[row] = time;
        if (typeof value === "bigint" || typeof value === "string") batch.exact.set(row, value);
      }
      return batch;
    });
}
