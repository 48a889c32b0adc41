import { Type } from "typebox";
import type { Static } from "typebox";
import { say } from "../domain/said.ts";
import {
  deadband,
  duration,
  name,
  NAME_PATTERN,
  namePatternMessage,
  range,
  sentence,
  text,
  unit,
  wholeNumber,
} from "./vocabulary.ts";

const exact = { additionalProperties: false } as const;
const MODBUS_TYPES = [
  "bool",
  "int16",
  "uint16",
  "int32",
  "uint32",
  "int64",
  "uint64",
  "float32",
  "float64",
  "string",
] as const;

const number = (description: string) => Type.Number({ errorMessage: say("rule-number"), description });

/** What both protocols say about a tag. */
const MEASURING = {
  title: sentence({ description: "What operators read" }),
  area: Type.Optional(name({ description: "Area of the plant; that of the device where it is not given" })),
  unit: Type.Optional(
    unit({ description: "UCUM code, such as t/h, m3/h, %, Cel; none for states, counts and bits" }),
  ),
  range: Type.Optional(range({ description: "Engineering range in the unit of the tag" })),
  normal: Type.Optional(
    range({
      description:
        "Where it usually is while the plant runs well; between its nearest alarm limits where it is not given",
    }),
  ),
  scale: Type.Optional(
    Type.Refine(
      Type.Number({
        errorMessage: say("rule-number-not-0"),
        description: "Value = raw × scale + offset",
      }),
      (scale) => scale !== 0,
    ),
  ),
  offset: Type.Optional(number("Value = raw × scale + offset")),
  values: Type.Optional(
    Type.Record(Type.String({ pattern: "^(0|-?[1-9][0-9]{0,9})$" }), sentence(), {
      ...exact,
      minProperties: 1,
      errorMessage: say("rule-states"),
      patternErrorMessage: say("rule-state"),
      description: "Names of the states of an enumeration",
    }),
  ),
  rollover: Type.Optional(
    wholeNumber(2, 2 ** 53, { description: "Counts at which a totalizer starts again at zero" }),
  ),
  maxSilence: duration({
    default: "60s",
    description: "An unchanged value is reported again after this long",
  }),
  stuckAfter: Type.Optional(
    duration({ description: "A value that is bit for bit the same for longer is suspicious" }),
  ),
  stuckWhile: Type.Optional(name({ description: "Run bit that must be on for the stuck check" })),
};

export const ModbusTagSchema = Type.Object(
  {
    ...MEASURING,
    table: Type.Enum(["coil", "discrete", "holding", "input"], {
      description: "coil FC01, discrete input FC02, holding register FC03, input register FC04",
    }),
    address: wholeNumber(0, 65_535, {
      description: "Counted from 0, as on the wire: 140 where a manual says 40141",
    }),
    type: Type.Enum([...MODBUS_TYPES]),
    bit: Type.Optional(
      wholeNumber(0, 15, { description: "Bit of the register, 0 is the least significant" }),
    ),
    length: Type.Optional(wholeNumber(1, 125, { description: "Registers that a string takes" })),
    wordOrder: Type.Optional(
      Type.Enum(["ABCD", "CDAB", "BADC", "DCBA"], {
        description: "Where this value differs from the rest of the device",
      }),
    ),
    rawRange: Type.Optional(range({ description: "Raw counts that stand for the two ends of range" })),
    signal: Type.Optional(
      Type.Enum(["4-20mA"], {
        description: "rawRange is a current loop; its failure limits are those of NAMUR NE 43",
      }),
    ),
    deadband: Type.Optional(
      deadband({ description: "Smallest change worth reporting; 0 reports every change" }),
    ),
    scan: name({ description: "Scan class of the plant file" }),
  },
  exact,
);

export const OpcUaTagSchema = Type.Object(
  {
    ...MEASURING,
    node: Type.String({
      pattern: "^(ns=[0-9]{1,5};|nsu=[^;]+;)?[isgb]=.+$",
      errorMessage: say("rule-node"),
    }),
    type: Type.Enum([...MODBUS_TYPES, "float", "double"]),
    mode: Type.Enum(["subscribe", "read"], {
      default: "subscribe",
      description: "subscribe: the server reports changes; read: polled every scan",
    }),
    sampling: duration({ default: "1s", description: "How often the server looks at the value" }),
    queue: wholeNumber(1, 1000, {
      default: 10,
      description: "Changes the server keeps between two notifications",
    }),
    deadband: Type.Optional(deadband({ description: "Filter at the server: changes below it are not sent" })),
    scan: Type.Optional(
      name({ description: "Scan class; the slowest that keeps up with sampling where it is not given" }),
    ),
  },
  exact,
);

const tagsOf = <T extends typeof ModbusTagSchema | typeof OpcUaTagSchema>(tag: T) =>
  Type.Record(Type.String({ pattern: NAME_PATTERN }), tag, {
    ...namePatternMessage,
    minProperties: 1,
    errorMessage: say("rule-tags"),
  });

export const ModbusLimitsSchema = Type.Object(
  {
    wordOrder: Type.Enum(["ABCD", "CDAB", "BADC", "DCBA"], {
      default: "ABCD",
      description: "Order of the bytes of a 32-bit value; 64-bit values follow the same rule",
    }),
    maxRegisters: wholeNumber(1, 125, { default: 125, description: "Registers in one request" }),
    maxBits: wholeNumber(1, 2000, { default: 2000, description: "Coils or discrete inputs in one request" }),
    gap: Type.Union([Type.Literal("auto"), Type.Integer({ minimum: 0, maximum: 2000 })], {
      default: "auto",
      errorMessage: say("rule-gap"),
      description: "Unused registers that one read may span",
    }),
    forbidden: Type.Array(
      Type.Refine(
        Type.Tuple([
          Type.Integer({ minimum: 0, maximum: 65_535 }),
          Type.Integer({ minimum: 0, maximum: 65_535 }),
        ]),
        ([first, last]) => first <= last,
      ),
      {
        default: [],
        errorMessage: say("rule-forbidden"),
        description: "Addresses that no read may touch",
      },
    ),
    write: Type.Enum(["single", "multiple"], {
      default: "single",
      description:
        "How one coil or register is written: by functions 5 and 6, or by 15 and 16, which some devices want always",
    }),
    inFlight: wholeNumber(1, 16, { default: 1, description: "Requests that the device takes at once" }),
  },
  { ...exact, default: {} },
);

const HEAD = {
  profile: name({ description: "Name of the profile, the same as that of the file" }),
  title: sentence({ description: "Kind of device" }),
  document: Type.Optional(text({ description: "Where the register or node list comes from" })),
};

export const ModbusProfileSchema = Type.Object(
  {
    ...HEAD,
    protocol: Type.Literal("modbus"),
    modbus: ModbusLimitsSchema,
    tags: tagsOf(ModbusTagSchema),
  },
  exact,
);

export const OpcUaProfileSchema = Type.Object(
  { ...HEAD, protocol: Type.Literal("opcua"), tags: tagsOf(OpcUaTagSchema) },
  exact,
);

export const ProfileSchema = Type.Union([ModbusProfileSchema, OpcUaProfileSchema], {
  discriminator: { propertyName: "protocol" },
});

export type ModbusTagEntry = Static<typeof ModbusTagSchema>;
export type OpcUaTagEntry = Static<typeof OpcUaTagSchema>;
export type ModbusLimitsEntry = Static<typeof ModbusLimitsSchema>;
