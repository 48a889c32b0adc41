import type { EuRange, OpcUaSource, Scaling, Tag, TagSource } from "../domain/tag.ts";
import { dataTypeOf, widthOf } from "./check-tag.ts";
import type { TagDraft } from "./check-tag.ts";
import { parseDuration } from "./durations.ts";
import { runBitFinder } from "./plant-draft.ts";
import type { PlantDraft, TagInstance } from "./plant-draft.ts";
import type { ModbusLimitsEntry, ModbusTagEntry, OpcUaTagEntry } from "./profile-schema.ts";

/** All tags of a plant in the order of its devices and profiles. Call only when the draft has no faults. */
export function resolveTags(draft: PlantDraft): Tag[] {
  const runBitOf = runBitFinder(draft.instances);
  return draft.instances.map((instance, index) => resolveTag(draft, instance, index, runBitOf(instance)));
}

function resolveTag(draft: PlantDraft, instance: TagInstance, index: number, runBit: string | null): Tag {
  const entry = instance.tag as ModbusTagEntry | OpcUaTagEntry;
  const range = euRange(entry.range);
  const scanClass = entry.scan ?? classFor(draft.scanClasses, samplingMs(entry));
  const isOpcUa = "node" in entry;
  return {
    index,
    id: instance.id,
    title: entry.title,
    area: areaOf(draft, instance),
    device: instance.device,
    type: dataTypeOf(entry.type),
    unit: entry.unit ?? null,
    range,
    normal: euRange(entry.normal),
    scanClass,
    periodMs: parseDuration(draft.scanClasses[scanClass] ?? ""),
    values: entry.values ?? null,
    scaling: scalingOf(instance.tag, range),
    rolloverCounts: entry.rollover ?? null,
    deadband: isOpcUa ? 0 : amountOf(entry.deadband, range),
    ...timesOf(entry),
    stuckWhile: runBit,
    source: isOpcUa ? opcUaSource(entry) : modbusSource(entry, instance.profile.limits),
  };
}

function areaOf({ devices }: PlantDraft, { tag, device }: TagInstance): string {
  return tag.area ?? devices[device]?.area ?? "";
}

function timesOf(entry: ModbusTagEntry | OpcUaTagEntry): Pick<Tag, "maxSilenceMs" | "stuckAfterMs"> {
  const { maxSilence, stuckAfter } = entry;
  return {
    maxSilenceMs: parseDuration(maxSilence),
    stuckAfterMs: stuckAfter === undefined ? null : parseDuration(stuckAfter),
  };
}

function samplingMs(entry: ModbusTagEntry | OpcUaTagEntry): number {
  return "sampling" in entry ? parseDuration(entry.sampling) : 0;
}

/** The slowest scan class that keeps up with a sampling interval; the fastest of all when none does. */
function classFor(scanClasses: Readonly<Record<string, string>>, sampling: number): string {
  const byPeriod = Object.entries(scanClasses)
    .map(([name, period]) => ({ name, periodMs: parseDuration(period) }))
    .sort((a, b) => a.periodMs - b.periodMs);
  return (byPeriod.findLast(({ periodMs }) => periodMs <= sampling) ?? byPeriod[0])?.name ?? "";
}

function modbusSource(entry: ModbusTagEntry, limits: ModbusLimitsEntry): TagSource {
  return {
    protocol: "modbus",
    table: entry.table,
    address: entry.address,
    width: widthOf(entry),
    bit: entry.bit ?? null,
    wordOrder: entry.wordOrder ?? limits.wordOrder,
  };
}

function opcUaSource(entry: OpcUaTagEntry): OpcUaSource {
  return {
    protocol: "opcua",
    node: entry.node,
    mode: entry.mode,
    samplingMs: parseDuration(entry.sampling),
    queueSize: entry.queue,
    deadband: filterOf(entry.deadband),
  };
}

function filterOf(deadband: OpcUaTagEntry["deadband"]): OpcUaSource["deadband"] {
  if (deadband === undefined) return null;
  if (typeof deadband === "number") return { kind: "absolute", amount: deadband };
  return { kind: "percent", amount: percent(deadband) };
}

function amountOf(deadband: ModbusTagEntry["deadband"], range: EuRange | null): number {
  if (typeof deadband !== "string") return deadband ?? 0;
  return range === null ? 0 : (percent(deadband) * (range.high - range.low)) / 100;
}

function percent(text: string): number {
  return Number(text.replace("%", ""));
}

function euRange(range: readonly [number, number] | undefined): EuRange | null {
  return range === undefined ? null : { low: range[0], high: range[1] };
}

function scalingOf(tag: TagDraft, range: EuRange | null): Scaling {
  const raw = euRange(tag.rawRange);
  if (raw === null || range === null)
    return { scale: tag.scale ?? 1, offset: tag.offset ?? 0, loopRaw: null };
  const scale = (range.high - range.low) / (raw.high - raw.low);
  return { scale, offset: range.low - raw.low * scale, loopRaw: tag.signal === undefined ? null : raw };
}
