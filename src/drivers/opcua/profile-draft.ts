import type { DataType, EuRange } from "../../domain/tag.ts";
import { isUnit, UNIT_CODES, unitOf } from "../../domain/unit.ts";
import type { Unit } from "../../domain/unit.ts";

/** A variable as a server describes it. */
export interface FoundVariable {
  readonly node: string;
  readonly name: string;
  /** Names of the folders it lies in, outermost first. */
  readonly folders: readonly string[];
  /** Number of the built-in type, OPC 10000-6 table 1 and 29 for enumerations; null for anything else. */
  readonly dataType: number | null;
  readonly isArray: boolean;
  readonly description: string | null;
  readonly range: EuRange | null;
  /** EUInformation of OPC 10000-8, 5.6.4. */
  readonly unit: {
    readonly unitId: number;
    readonly displayName: string;
    readonly description: string;
  } | null;
}

const TYPES: ReadonlyMap<number, DataType> = new Map<number, DataType>([
  [1, "bool"],
  [2, "int16"],
  [3, "uint16"],
  [4, "int16"],
  [5, "uint16"],
  [6, "int32"],
  [7, "uint32"],
  [8, "int64"],
  [9, "uint64"],
  [10, "float32"],
  [11, "float64"],
  [12, "string"],
  [21, "string"],
  [29, "int32"], // Enumeration
]);

const NAMESPACE_OF_THE_STANDARD = /^(ns=0;|[ig]=)/;

/** A device profile to start from: every variable that a tag can hold, with what the server says about it. What cannot be
 *  known is left as a comment for a person. The text is a sound profile as it stands. */
export function draftProfile(name: string, endpoint: string, variables: readonly FoundVariable[]): string {
  const usable = variables.filter((one) => !NAMESPACE_OF_THE_STANDARD.test(one.node));
  const taken = new Set<string>();
  const lines = usable.map((variable) => lineOf(variable, taken));
  return [
    `profile: ${name}`,
    `title: ${JSON.stringify(`Server at ${endpoint}`)}`,
    `document: ${JSON.stringify(`as found on ${endpoint}`)}`,
    "protocol: opcua",
    ...(lines.length === 0 ? ["tags: {}"] : ["tags:", ...lines]),
    "",
  ].join("\n");
}

function lineOf(variable: FoundVariable, taken: Set<string>): string {
  const type = typeOf(variable);
  if (type === null) {
    const what = variable.isArray ? "an array" : "no plain value";
    return `  # ${oneLine(variable.name)}: ${variable.node} holds ${what}, which no tag can hold`;
  }
  const id = uniqueId(variable, taken);
  const fields = [
    `title: ${JSON.stringify(titleOf(variable))}`,
    `node: ${JSON.stringify(variable.node)}`,
    `type: ${type}`,
    ...(isNumber(type) ? numberFields(variable) : []),
  ];
  const comment = isNumber(type) && ucumOf(variable) === null ? commentOn(variable) : "";
  return `  ${keyOf(id)}: { ${fields.join(", ")} }${comment}`;
}

function typeOf({ dataType, isArray }: FoundVariable): DataType | null {
  return dataType === null || isArray ? null : (TYPES.get(dataType) ?? null);
}

function numberFields(variable: FoundVariable): string[] {
  const unit = `unit: ${JSON.stringify(ucumOf(variable) ?? "1")}`;
  const { range } = variable;
  return range === null ? [unit] : [unit, `range: [${range.low}, ${range.high}]`];
}

/** Quoted where YAML would take it for something else than a text. */
function keyOf(id: string): string {
  return /^(?!(?:true|false|null)$)[A-Za-z][\w.-]*$/i.test(id) ? id : JSON.stringify(id);
}

function isNumber(type: DataType): boolean {
  return type !== "bool" && type !== "string";
}

function titleOf({ description, name }: FoundVariable): string {
  return oneLine(description === null || description === "" ? name : description);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim().slice(0, 120);
}

/** Names repeat from skid to skid on many servers: then the folder comes before, and at last a number behind. */
function uniqueId({ name, folders }: FoundVariable, taken: Set<string>): string {
  const plain = name.replaceAll(/[^\w.-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "") || "tag";
  const folder = (folders.at(-1) ?? "").replaceAll(/[^\w.-]+/g, "-");
  let id = taken.has(plain) && folder !== "" ? `${folder}-${plain}` : plain;
  for (let count = 2; taken.has(id); count++) id = `${plain}-${count}`;
  taken.add(id);
  return id;
}

/** The UCUM code of what the server calls its unit, by common code, description or display name; null when there is no telling. */
function ucumOf({ unit }: FoundVariable): string | null {
  if (unit === null) return null;
  if (isUnit(unit.description)) return unit.description;
  if (isUnit(unit.displayName)) return unit.displayName;
  const common = commonCodeOf(unit.unitId);
  const isIt = ({ unece, symbol }: Unit): boolean =>
    (common !== "" && unece === common) || (unit.displayName !== "" && symbol === unit.displayName);
  return UNIT_CODES.map(unitOf).find((known) => known !== null && isIt(known))?.code ?? null;
}

/** The three characters of a UNECE code are the bytes of the unit id, the first the most significant. OPC 10000-8, 5.6.4. */
function commonCodeOf(unitId: number): string {
  if (unitId <= 0) return "";
  return Buffer.from([unitId >>> 24, unitId >>> 16, unitId >>> 8, unitId].map((byte) => byte & 0xff))
    .toString("latin1")
    .replaceAll("\0", "");
}

function commentOn({ unit }: FoundVariable): string {
  return unit === null
    ? "   # the server gives no unit"
    : `   # the server's unit: ${oneLine(unit.displayName)}`;
}
