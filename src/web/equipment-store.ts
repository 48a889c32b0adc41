import { batch, computed, signal } from "@preact/signals";
import { alarms, isStanding } from "./alarm-store.ts";
import type { AlarmAnswer, EquipmentAnswer, LimitAnswer, TagAnswer } from "./api.ts";

/** Machines and vessels, in the order of the plant file. */
export const equipment = signal<readonly EquipmentAnswer[]>([]);

const limits = signal<ReadonlyMap<string, readonly LimitAnswer[]>>(new Map());

export function loadLimits(all: readonly LimitAnswer[]): void {
  limits.value = Map.groupBy(all, ({ tag }) => tag);
}

export function loadEquipment(
  nextEquipment: readonly EquipmentAnswer[],
  nextLimits: readonly LimitAnswer[],
): void {
  batch(() => {
    equipment.value = nextEquipment;
    loadLimits(nextLimits);
  });
}

export function limitsOf(tag: string): readonly LimitAnswer[] {
  return limits.value.get(tag) ?? [];
}

/** Between which values a tag is normal: as the plant file says, else from its nearest limits, to the end of its range where
 *  there is none on a side. Null where nothing is said, and for a tag without a range. */
export function normalBand({ tag, range, normal }: TagAnswer): readonly [number, number] | null {
  if (normal !== undefined || range === null) return normal ?? null;
  const [low, high] = range;
  const own = limitsOf(tag);
  const lows = own.flatMap((one) => one.low ?? []);
  const highs = own.flatMap((one) => one.high ?? []);
  if (lows.length === 0 && highs.length === 0) return null;
  return [Math.max(low, ...lows), Math.min(high, ...highs)];
}

const standingByTag = computed(() => {
  const byTag = new Map<string, AlarmAnswer>();
  for (const alarm of alarms.value.values()) {
    if (!isStanding(alarm)) continue;
    const known = byTag.get(alarm.on);
    if (known === undefined || alarm.priority < known.priority) byTag.set(alarm.on, alarm);
  }
  return byTag;
});

/** The gravest alarm that stands on a tag. */
export function standingAlarm(tag: string): AlarmAnswer | null {
  return standingByTag.value.get(tag) ?? null;
}
