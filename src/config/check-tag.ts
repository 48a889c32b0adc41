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
  readonly fault: (key: string, sentence: string) => void;
  /** Points at the tag itself, where the trouble is something that is not there. */
  readonly lack: (sentence: string) => void;
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
      `a ${tag.table === "coil" ? "coil" : "discrete input"} holds a bool, not ${article(tag.type)}`,
    );
}

function checkBit({ tag, written, fault, lack }: TagCheck): void {
  if (tag.type === undefined || tag.table === undefined) return;
  if (written.has("bit")) {
    if (isBitTable(tag.table)) fault("bit", `a ${tag.table} is a bit already; leave \`bit\` out`);
    else if (tag.type !== "bool")
      fault("bit", `only a bool is one bit of a register, not ${article(tag.type)}`);
  } else if (tag.type === "bool" && !isBitTable(tag.table))
    lack("a bool in a register needs `bit`, 0 for the least significant");
}

function checkString({ tag, written, fault, lack }: TagCheck): void {
  if (tag.type === "string" && !written.has("length"))
    lack("a string needs `length`, in registers of two characters");
  if (tag.type !== undefined && tag.type !== "string" && written.has("length"))
    fault("length", `only a string has a length, not ${article(tag.type)}`);
}

function checkWordOrder({ tag, written, fault }: TagCheck): void {
  if (!written.has("wordOrder") || tag.type === undefined || tag.type === "string") return;
  if (isBitTable(tag.table) || widthOf(tag) === 1)
    fault("wordOrder", `${article(tag.type)} has one word, so a word order means nothing`);
}

function checkAddress({ tag, limits, fault }: TagCheck): void {
  if (tag.address === undefined) return;
  const width = widthOf(tag);
  const last = tag.address + width - 1;
  if (last > 65_535) fault("address", `the value would end at address ${last}, beyond 65535`);
  if (width > limits.maxRegisters)
    fault(
      "type",
      `the value takes ${width} registers and one request of this device only ${limits.maxRegisters}`,
    );
}

function checkForbidden({ tag, limits, fault }: TagCheck): void {
  if (tag.address === undefined || isBitTable(tag.table)) return;
  const last = tag.address + widthOf(tag) - 1;
  for (const [from, to] of limits.forbidden)
    if (tag.address <= to && last >= from)
      fault("address", `the value lies in the forbidden range ${from} to ${to}`);
}

function checkUnit({ tag, written, fault, lack }: TagCheck): void {
  if (tag.type === undefined) return;
  if (isState(tag, written)) {
    if (written.has("unit")) fault("unit", "a state, a bit or a text has no unit");
    return;
  }
  const isCount = isInteger(tag.type) && !["scale", "offset", "rawRange"].some((key) => written.has(key));
  if (!isCount && !written.has("unit"))
    lack('the key `unit` is missing; a measured number needs one, "1" for a ratio');
}

function checkScaling({ tag, written, fault, lack }: TagCheck): void {
  if (tag.type !== undefined && isState(tag, written)) {
    for (const key of ["scale", "offset", "rawRange", "range", "rollover"])
      if (written.has(key)) fault(key, `a state, a bit or a text has no ${key}`);
    return;
  }
  if (!written.has("rawRange")) return;
  if (!written.has("range"))
    lack("`rawRange` needs `range`, the engineering values that the two counts stand for");
  for (const key of ["scale", "offset"])
    if (written.has(key)) fault(key, `\`rawRange\` and \`range\` already give the ${key}`);
}

function checkLoop({ written, fault }: TagCheck): void {
  if (written.has("signal") && !written.has("rawRange"))
    fault("signal", "a current loop needs `rawRange`, the counts at 4 mA and at 20 mA");
}

function checkTotalizer({ tag, fault }: TagCheck): void {
  if (tag.rollover === undefined || tag.type === undefined) return;
  if (isFloat(tag.type)) fault("rollover", `${article(tag.type)} does not roll over; only whole numbers do`);
  const bits = 16 * widthOf(tag);
  if (isInteger(tag.type) && tag.rollover > 2 ** bits)
    fault("rollover", `${article(tag.type)} starts again at ${2 ** bits} already`);
}

function checkStates({ tag, written, fault }: TagCheck): void {
  if (written.has("values") && tag.type !== undefined && !isInteger(tag.type))
    fault("values", `the states of an enumeration are whole numbers, not ${article(tag.type)}`);
}

/** Deadband and stuck check; these a plant file can say for one instance too. */
export function checkReporting(check: TagCheck): void {
  checkDeadband(check);
  checkStuck(check);
}

function checkDeadband({ tag, written, fault }: TagCheck): void {
  if (!written.has("deadband")) return;
  if (isState(tag, written)) fault("deadband", "a state, a bit or a text has no deadband");
  else if (typeof tag.deadband === "string" && !written.has("range"))
    fault("deadband", "a percentage needs `range`, which it is a part of");
}

function checkStuck({ tag, written, fault }: TagCheck): void {
  if (!written.has("stuckAfter")) {
    if (written.has("stuckWhile"))
      fault("stuckWhile", "`stuckWhile` needs `stuckAfter`, for how long the value must not change");
    return;
  }
  if (isState(tag, written)) fault("stuckAfter", "a state, a bit or a text may well stay the same");
  if (written.has("node") && written.has("deadband"))
    fault("stuckAfter", "behind a deadband at the server an unchanged value is normal");
}

function isState(tag: TagDraft, written: ReadonlySet<string>): boolean {
  return tag.type === "bool" || tag.type === "string" || written.has("values");
}

/** With its article; the only words with a u are read as in `uint16`. */
export function article(noun: string): string {
  return /^[aeio]/u.test(noun) ? `an ${noun}` : `a ${noun}`;
}
