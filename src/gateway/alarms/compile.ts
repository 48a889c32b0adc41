import type { Condition, Limit } from "../../alarms/condition.ts";
import type { AlarmRule } from "../../alarms/rule.ts";
import type { AlarmConfig, AlarmSource } from "../../config/alarms.ts";
import type { Plant } from "../../config/plant.ts";
import type { AlarmOutline } from "../../domain/alarm.ts";
import type { MetricOutline } from "../../domain/metric.ts";
import { say } from "../../domain/said.ts";
import type { Said } from "../../domain/said.ts";
import { didYouMean, hinting, nearest } from "../../domain/spelling.ts";
import type { Tag } from "../../domain/tag.ts";
import type { AlarmDraft, ExtraSource } from "./alarm-draft.ts";
import { diagnosticsOf, ownAlarms } from "./own-alarms.ts";

export interface AlarmFault {
  /** Keys below `alarms` in the plant file. */
  readonly path: readonly string[];
  readonly told: Said;
}

/** The alarms of a plant as the engine takes them. */
export interface AlarmSet {
  readonly rules: readonly AlarmRule[];
  /** `outlines[i]` is of `rules[i]`. */
  readonly outlines: readonly AlarmOutline[];
  /** Source `plant.tags.length + i`. */
  readonly extras: readonly ExtraSource[];
  readonly faults: readonly AlarmFault[];
}

/** How often metrics, assays, devices and the gateway itself are looked at, ms. */
const LOOK_MS = 1_000;

export function compileAlarms(plant: Plant, metrics: readonly MetricOutline[]): AlarmSet {
  const own: readonly AlarmDraft[] = plant.alarms ?? [];
  const ids = new Set(own.map(({ id }) => id));
  const added = [...diagnosticsOf(plant), ...ownAlarms(plant)].filter(({ id }) => !ids.has(id));
  const drafts = [...own, ...added];
  const sources = createNumbers(plant);
  const units = new Map(metrics.map(({ id, unit }) => [id, unit]));
  return {
    rules: drafts.map((draft) => ruleOf(draft, sources)),
    outlines: drafts.map((draft) => outlineOf(draft, sources, units, plant)),
    extras: sources.extras,
    faults: faultsOf(own, units),
  };
}

/** A metric of several results is named with the one that is meant. */
function faultsOf(drafts: readonly AlarmDraft[], units: ReadonlyMap<string, string>): AlarmFault[] {
  const check = (
    key: string,
    name: "on" | "reference",
    source: AlarmDraft["on"] | AlarmDraft["reference"],
  ): AlarmFault[] => {
    if (source?.from !== "metric" || units.has(source.id)) return [];
    const results = [...units.keys()].filter((id) => id.startsWith(`${source.id}.`));
    const hint =
      results.length > 0
        ? say("results-known", { known: results.join(", ") })
        : didYouMean(nearest(source.id, units.keys(), 1));
    return [{ path: [key, name], told: hinting(say("result-absent", { name: source.id }), hint) }];
  };
  return drafts.flatMap(({ key, on, reference }) => [
    ...check(key, "on", on),
    ...check(key, "reference", reference),
  ]);
}

interface Numbers {
  readonly extras: ExtraSource[];
  readonly tags: ReadonlyMap<string, Tag>;
  numberOf(source: AlarmSource | ExtraSource): number;
}

function createNumbers({ tags }: Plant): Numbers {
  const byId = new Map(tags.map((tag) => [tag.id, tag]));
  const extras: ExtraSource[] = [];
  const numbers = new Map<string, number>();
  return {
    extras,
    tags: byId,
    numberOf(source) {
      if (source.from === "tag") return (byId.get(source.id) as Tag).index;
      const name = `${source.from}:${source.id}`;
      const known = numbers.get(name);
      if (known !== undefined) return known;
      extras.push(source);
      numbers.set(name, tags.length + extras.length - 1);
      return tags.length + extras.length - 1;
    },
  };
}

function ruleOf(draft: AlarmDraft, sources: Numbers): AlarmRule {
  const { id, priority, on, when, unlessOffline, reference } = draft;
  const tag = on.from === "tag" ? (sources.tags.get(on.id) ?? null) : null;
  const permissives = when.map(({ tag: name, above, below }) => ({
    source: (sources.tags.get(name) as Tag).index,
    above,
    below,
  }));
  if (unlessOffline !== undefined) {
    const source = sources.numberOf({ from: "device", id: unlessOffline });
    permissives.push({ source, above: -Infinity, below: 1 });
  }
  return {
    id,
    priority,
    condition: conditionOf(draft),
    source: sources.numberOf(on),
    reference: referenceOf(reference, sources),
    when: permissives,
    isLatching: draft.latch,
    onDelayMs: draft.onDelayMs,
    offDelayMs: draft.offDelayMs,
    reAlarmMs: draft.reAlarmMs,
    group: draft.group,
    follows: draft.follows,
    scanMs: tag === null ? LOOK_MS : scanOf(tag),
    isPolled: tag === null || tag.source.protocol === "modbus" || tag.source.mode === "read",
  };
}

function scanOf({ source, periodMs }: Tag): number {
  return source.protocol === "opcua" && source.mode === "subscribe" ? source.samplingMs : periodMs;
}

function referenceOf(reference: AlarmConfig["reference"], sources: Numbers): AlarmRule["reference"] {
  if (reference === null) return null;
  if (reference.from === "constant") return { by: "value", value: reference.value };
  return { by: "source", source: sources.numberOf(reference) };
}

function conditionOf({ type, limit, band, deadband }: AlarmDraft): Condition {
  if (type === "offline") return { type: "on" };
  if (type === "on" || type === "off" || type === "bad" || type === "still") return { type };
  if (type !== "outside") return { type, limit: asLimit(limit), deadband };
  const [low, high] = band ?? [-Infinity, Infinity];
  return { type, low, high, deadband };
}

function asLimit(limit: AlarmConfig["limit"]): Limit {
  if (limit === null) return { by: "amount", amount: Infinity };
  return "share" in limit ? { by: "share", share: limit.share } : { by: "amount", amount: limit.amount };
}

function outlineOf(
  draft: AlarmDraft,
  { tags }: Numbers,
  units: ReadonlyMap<string, string>,
  plant: Plant,
): AlarmOutline {
  const { id, title, area, on, type, priority, group, consequence, response, timeToRespondMs } = draft;
  const assays = plant.metallurgy?.assays ?? [];
  const unit =
    tags.get(on.id)?.unit ?? units.get(on.id) ?? assays.find((point) => point.id === on.id)?.unit ?? null;
  return { id, title, area, on: on.id, type, unit, priority, group, consequence, response, timeToRespondMs };
}
