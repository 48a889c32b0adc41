import { say } from "../domain/said.ts";
import type { Said } from "../domain/said.ts";
import type { DataType } from "../domain/tag.ts";
import type { ModbusLimitsEntry, ModbusTagEntry, OpcUaTagEntry } from "./profile-schema.ts";

/** What is left of an entry after its wrong leaves were taken out. */
export type Draft<T> = { readonly [K in keyof T]?: T[K] | undefined };
export type TagDraft = Draft<Omit<ModbusTagEntry, "type">> &
  Draft<Omit<OpcUaTagEntry, "type">> & { readonly type?: OpcUaTagEntry["type"] | undefined };

/** One entry under check: its sound part, the keys that were written, right or wrong, and where to complain about a key. */
export interface TagCheck {
  readonly tag: TagDraft;
  readonly written: ReadonlySet<string>;
  readonly limits: ModbusLimitsEntry;
  readonly fault: (key: string, told: Said) => void;
  /** Points at the tag itself, where the trouble is something that is not there. */
  readonly lack: (told: Said) => void;
}

const REGISTERS: Readonly<Record<Exclude<DataType, "string">, number>> = {
  bool: 1,
  int16: 1,
  uint16: 1,
  int32: 2,
  uint32: 2,
  float32: 2,
  int64: 4,
  uint64: 4,
  float64: 4,
};

/** OPC UA calls the floats by their own names. */
export function dataTypeOf(type: OpcUaTagEntry["type"]): DataType {
  if (type === "float") return "float32";
  return type === "double" ? "float64" : type;
}

/** Registers (or bits) that a value takes on Modbus; 0 while that cannot be said. */
export function widthOf({ type, length }: TagDraft): number {
  if (type === undefined) return 0;
  const dataType = dataTypeOf(type);
  return dataType === "string" ? (length ?? 0) : REGISTERS[dataType];
}

function isInteger(type: string | undefined): boolean {
  return type?.includes("int") === true;
}

function isFloat(type: string | undefined): boolean {
  return type === "double" || type?.startsWith("float") === true;
}

function isBitTable(table: string | undefined): boolean {
  return table === "coil" || table === "discrete";
}

/** Everything about one tag that needs no other tag. */
export function checkTag(check: TagCheck): void {
  for (const rule of [checkUnit, checkScaling, checkTotalizer, checkStates, checkReporting]) rule(check);
}

/** The same, and what only Modbus has. */
export function checkModbusTag(check: TagCheck): void {
  for (const rule of [checkTable, checkBit, checkString, checkWordOrder, checkAddress, checkForbidden])
    rule(check);
  checkLoop(check);
  checkTag(check);
}

function checkTable({ tag, fault }: TagCheck): void {
  if (isBitTable(tag.table) && tag.type !== undefined && tag.type !== "bool")
    fault(
      "type",
      say(tag.table === "coil" ? "coil-holds-bool" : "discrete-holds-bool", { other: ofType(tag.type) }),
    );
}

function checkBit({ tag, written, fault, lack }: TagCheck): void {
  if (tag.type === undefined || tag.table === undefined) return;
  if (written.has("bit")) {
    if (isBitTable(tag.table)) fault("bit", say("bit-already", { table: tag.table }));
    else if (tag.type !== "bool") fault("bit", say("bit-of-bool", { other: ofType(tag.type) }));
  } else if (tag.type === "bool" && !isBitTable(tag.table)) lack(say("bit-missing"));
}

function checkString({ tag, written, fault, lack }: TagCheck): void {
  if (tag.type === "string" && !written.has("length")) lack(say("length-missing"));
  if (tag.type !== undefined && tag.type !== "string" && written.has("length"))
    fault("length", say("length-of-string", { other: ofType(tag.type) }));
}

function checkWordOrder({ tag, written, fault }: TagCheck): void {
  if (!written.has("wordOrder") || tag.type === undefined || tag.type === "string") return;
  if (isBitTable(tag.table) || widthOf(tag) === 1)
    fault("wordOrder", say("one-word", { type: ofType(tag.type) }));
}

const ADDRESS_MAX = 65_535;

function checkAddress({ tag, limits, fault }: TagCheck): void {
  if (tag.address === undefined) return;
  const width = widthOf(tag);
  const last = tag.address + width - 1;
  if (last > ADDRESS_MAX) fault("address", say("address-beyond", { last, most: ADDRESS_MAX }));
  if (width > limits.maxRegisters)
    fault("type", say("too-wide", { registers: width, most: limits.maxRegisters }));
}

function checkForbidden({ tag, limits, fault }: TagCheck): void {
  if (tag.address === undefined || isBitTable(tag.table)) return;
  const last = tag.address + widthOf(tag) - 1;
  for (const [from, to] of limits.forbidden)
    if (tag.address <= to && last >= from) fault("address", say("in-forbidden", { from, to }));
}

function checkUnit({ tag, written, fault, lack }: TagCheck): void {
  if (tag.type === undefined) return;
  if (isState(tag, written)) {
    if (written.has("unit")) fault("unit", say("state-without", { key: "unit" }));
    return;
  }
  const isCount = isInteger(tag.type) && !["scale", "offset", "rawRange"].some((key) => written.has(key));
  if (!isCount && !written.has("unit")) lack(say("unit-missing"));
}

function checkScaling({ tag, written, fault, lack }: TagCheck): void {
  if (tag.type !== undefined && isState(tag, written)) {
    for (const key of ["scale", "offset", "rawRange", "range", "rollover"])
      if (written.has(key)) fault(key, say("state-without", { key }));
    return;
  }
  if (!written.has("rawRange")) return;
  if (!written.has("range")) lack(say("raw-range-alone"));
  for (const key of ["scale", "offset"]) if (written.has(key)) fault(key, say("raw-range-gives", { key }));
}

function checkLoop({ written, fault }: TagCheck): void {
  if (written.has("signal") && !written.has("rawRange")) fault("signal", say("loop-without-range"));
}

function checkTotalizer({ tag, fault }: TagCheck): void {
  if (tag.rollover === undefined || tag.type === undefined) return;
  if (isFloat(tag.type)) fault("rollover", say("rolls-not-over", { type: ofType(tag.type) }));
  const bits = 16 * widthOf(tag);
  if (isInteger(tag.type) && tag.rollover > 2 ** bits)
    fault("rollover", say("rolls-over-before", { type: ofType(tag.type), most: 2 ** bits }));
}

function checkStates({ tag, written, fault }: TagCheck): void {
  if (written.has("values") && tag.type !== undefined && !isInteger(tag.type))
    fault("values", say("states-whole", { other: ofType(tag.type) }));
}

/** Normal band, deadband and stuck check; these a plant file can say for one instance too. */
export function checkReporting(check: TagCheck): void {
  checkNormal(check);
  checkDeadband(check);
  checkStuck(check);
}

function checkNormal({ tag, written, fault }: TagCheck): void {
  if (!written.has("normal")) return;
  if (isState(tag, written)) fault("normal", say("state-without", { key: "normal" }));
  else if (!written.has("range")) fault("normal", say("normal-without-range"));
  if (tag.normal === undefined || tag.range === undefined) return;
  const [low, high] = tag.range;
  if (tag.normal[0] < low || tag.normal[1] > high) fault("normal", say("normal-beyond-range", { low, high }));
}

function checkDeadband({ tag, written, fault }: TagCheck): void {
  if (!written.has("deadband")) return;
  if (isState(tag, written)) fault("deadband", say("state-without", { key: "deadband" }));
  else if (typeof tag.deadband === "string" && !written.has("range"))
    fault("deadband", say("share-without-range"));
}

function checkStuck({ tag, written, fault }: TagCheck): void {
  if (!written.has("stuckAfter")) {
    if (written.has("stuckWhile")) fault("stuckWhile", say("run-bit-alone"));
    return;
  }
  if (isState(tag, written)) fault("stuckAfter", say("state-stays"));
  if (written.has("node") && written.has("deadband")) fault("stuckAfter", say("stuck-behind-deadband"));
}

function isState(tag: TagDraft, written: ReadonlySet<string>): boolean {
  return tag.type === "bool" || tag.type === "string" || written.has("values");
}

/** With its article; the only words with a u are read as in `uint16`. */
export function ofType(type: string): Said {
  return say(/^[aeio]/u.test(type) ? "an-type" : "a-type", { type });
}
