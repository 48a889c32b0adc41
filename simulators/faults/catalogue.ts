import type { Connection } from "../../src/config/plant.ts";
import { say } from "../../src/domain/said.ts";
import { UnfitWish } from "../../src/domain/simulation.ts";
import type { Duration } from "../duration.ts";
import { LABORATORY_FAULTS } from "../laboratory/faults.ts";
import { UPSETS } from "../plant/upsets.ts";

/** A fault as tests, scenarios and people ask for it. Which fields a fault takes stands in the catalogue. */
export interface FaultRequest {
  readonly fault: string;
  /** What it strikes: one of these three. */
  readonly connection?: string;
  readonly device?: string;
  readonly tag?: string;
  /** Starts after this long; at once when absent. */
  readonly at?: Duration;
  /** Ends by itself after this long; lasts until it is cleared when absent. */
  readonly for?: Duration;
  /** Reply faults: strikes each n-th reply; every one when absent. */
  readonly every?: number;
  /** Delay of `slow` and `late-reply`, pause between pieces of `split-frame`. */
  readonly delay?: Duration;
  /** Pieces of `split-frame`. */
  readonly pieces?: number;
  /** Exception code of `exception`. */
  readonly code?: number;
  /** Addresses of `exception`, ends included. */
  readonly addresses?: readonly [first: number, last: number];
  /** Milliseconds that `clock-skew` adds to source times; may be negative. */
  readonly skewMs?: number;
  /** OPC UA status of `bad-status`. */
  readonly status?: number;
  /** How much: of `bias` and `spike` in the tag's unit, of `gain` a factor, of `drift` % of the range per day; of a fault of the
   *  process what its meaning says. */
  readonly amount?: number;
}

export type Target = "connection" | "device" | "tag";

export interface FaultDefinition {
  readonly meaning: string;
  readonly targets: readonly Target[];
  readonly protocols: readonly Connection["protocol"][];
  /** Fields of a request that mean something to it. */
  readonly takes: readonly (keyof FaultRequest)[];
}

const MODBUS = ["modbus-tcp", "modbus-rtu", "modbus-rtu-over-tcp"] as const;
const SERIAL_FRAMES = ["modbus-rtu", "modbus-rtu-over-tcp"] as const;
const ALL = [...MODBUS, "opcua"] as const;
const LINK = ["connection", "device"] as const;
const VALUES = ["device", "tag"] as const;

export const FAULTS = {
  dead: {
    meaning: "takes connections and requests and never answers",
    targets: LINK,
    protocols: ALL,
    takes: ["every"],
  },
  refuse: {
    meaning: "ends the connections and takes no new ones, as when the power is off",
    targets: ["connection"],
    protocols: ALL,
    takes: [],
  },
  slow: { meaning: "answers after a delay", targets: LINK, protocols: MODBUS, takes: ["every", "delay"] },
  "late-reply": {
    meaning: "answers when the client has given up",
    targets: LINK,
    protocols: MODBUS,
    takes: ["every", "delay"],
  },
  exception: {
    meaning: "answers with a Modbus exception, for every read or for some addresses",
    targets: LINK,
    protocols: MODBUS,
    takes: ["code", "addresses"],
  },
  "wrong-transaction-id": {
    meaning: "answers with the id of another request",
    targets: LINK,
    protocols: ["modbus-tcp"],
    takes: ["every"],
  },
  "wrong-unit": {
    meaning: "answers in the name of another unit",
    targets: LINK,
    protocols: MODBUS,
    takes: ["every"],
  },
  "truncated-frame": {
    meaning: "sends the first half of an answer",
    targets: LINK,
    protocols: MODBUS,
    takes: ["every"],
  },
  "split-frame": {
    meaning: "sends an answer in pieces with pauses",
    targets: LINK,
    protocols: MODBUS,
    takes: ["every", "pieces", "delay"],
  },
  "corrupt-crc": {
    meaning: "sends a wrong checksum",
    targets: LINK,
    protocols: SERIAL_FRAMES,
    takes: ["every"],
  },
  frozen: { meaning: "keeps showing the same value", targets: VALUES, protocols: ALL, takes: [] },
  bias: { meaning: "shows so much more", targets: ["tag"], protocols: ALL, takes: ["amount"] },
  gain: { meaning: "shows so many times as much", targets: ["tag"], protocols: ALL, takes: ["amount"] },
  drift: { meaning: "shows more from day to day", targets: ["tag"], protocols: ALL, takes: ["amount"] },
  spike: {
    meaning: "shows so much more for a second now and then",
    targets: ["tag"],
    protocols: ALL,
    takes: ["amount"],
  },
  dropout: {
    meaning: "keeps value and source time, as when the link behind the PLC is lost",
    targets: VALUES,
    protocols: ["opcua"],
    takes: [],
  },
  "wire-break": {
    meaning: "shows 32767 as a card does whose loop is open",
    targets: ["tag"],
    protocols: ALL,
    takes: [],
  },
  "loop-low": {
    meaning: "shows 3.2 mA, failure low of NAMUR NE 43",
    targets: ["tag"],
    protocols: ALL,
    takes: [],
  },
  "loop-high": {
    meaning: "shows 22 mA, failure high of NAMUR NE 43",
    targets: ["tag"],
    protocols: ALL,
    takes: [],
  },
  "word-swap": {
    meaning: "sends the words of a value in the other order, as after a wrong setting",
    targets: ["tag"],
    protocols: MODBUS,
    takes: [],
  },
  "duplicate-samples": {
    meaning: "sends every second sample twice, with its source time",
    targets: VALUES,
    protocols: ["opcua"],
    takes: [],
  },
  "out-of-order-samples": {
    meaning: "sends every third sample after younger ones",
    targets: VALUES,
    protocols: ["opcua"],
    takes: [],
  },
  "totalizer-reset": {
    meaning: "a total starts again at zero",
    targets: ["tag"],
    protocols: ALL,
    takes: [],
  },
  "clock-skew": {
    meaning: "source times are off",
    targets: VALUES,
    protocols: ["opcua"],
    takes: ["skewMs"],
  },
  "bad-status": {
    meaning: "values come with a status that is not good",
    targets: VALUES,
    protocols: ["opcua"],
    takes: ["status"],
  },
} as const satisfies Record<string, FaultDefinition>;

export type FaultName = keyof typeof FAULTS;

/** On the wire, of instruments, of the process and of the laboratory. */
export const FAULT_NAMES: readonly string[] = [FAULTS, UPSETS, LABORATORY_FAULTS].flatMap((faults) =>
  Object.keys(faults),
);

const COMMON_FIELDS: ReadonlySet<string> = new Set(["fault", "connection", "device", "tag", "at", "for"]);

/** The definition behind a name. Throws UnfitWish with the list of known faults when there is none, and when the request
 *  carries a field that this fault does not take. */
export function definitionOf(request: FaultRequest): { name: FaultName; definition: FaultDefinition } {
  if (!isFaultName(request.fault))
    throw new UnfitWish(say("no-fault", { fault: request.fault, known: FAULT_NAMES.join(", ") }));
  const definition: FaultDefinition = FAULTS[request.fault];
  const foreign = Object.keys(request).find(
    (field) => !COMMON_FIELDS.has(field) && !definition.takes.includes(field as keyof FaultRequest),
  );
  if (foreign !== undefined)
    throw new UnfitWish(say("fault-takes-not", { fault: request.fault, field: foreign }));
  return { name: request.fault, definition };
}

function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name);
}
