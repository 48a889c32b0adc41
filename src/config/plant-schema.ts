import { Type } from "typebox";
import type { Static } from "typebox";
import { say } from "../domain/said.ts";
import type { Said } from "../domain/said.ts";
import { AlarmsSchema } from "./alarm-schema.ts";
import { ConnectionSchema } from "./connection-schema.ts";
import { METALLURGY_SECTIONS } from "./metric-schema.ts";
import { PAGE_SECTIONS } from "./page-schema.ts";
import type { OutputEntry } from "./output-schema.ts";
import { BrokerSchema, HttpSchema } from "./listener-schema.ts";
import { DataSchema, OutputsSchema } from "./output-schema.ts";
import {
  deadband,
  duration,
  name,
  NAME_PATTERN,
  namePatternMessage,
  range,
  sentence,
  timeOfDay,
  timeZone,
  wholeNumber,
} from "./vocabulary.ts";
import { WRITES_SECTION } from "./writes-schema.ts";

/** A language, and the country where it matters (BCP 47). */
const LANGUAGE_PATTERN = "^[a-z]{2,3}(-[A-Z]{2})?$";

const exact = { additionalProperties: false } as const;

const named = <T extends Parameters<typeof Type.Record>[1]>(entry: T, errorMessage: Said) =>
  Type.Record(Type.String({ pattern: NAME_PATTERN }), entry, {
    ...namePatternMessage,
    minProperties: 1,
    errorMessage,
  });

/** What one instance says differently from its profile. */
export const OverrideSchema = Type.Object(
  {
    tag: Type.Optional(
      name({ description: "Its name in the plant; that of the profile where it is not given" }),
    ),
    title: Type.Optional(sentence()),
    area: Type.Optional(name()),
    range: Type.Optional(range()),
    normal: Type.Optional(range()),
    scan: Type.Optional(name()),
    deadband: Type.Optional(deadband()),
    maxSilence: Type.Optional(duration()),
    stuckAfter: Type.Optional(duration()),
    stuckWhile: Type.Optional(name()),
  },
  exact,
);

export const DeviceSchema = Type.Object(
  {
    profile: name({
      description: "profiles/NAME.yaml beside the plant file, else ../profiles, else shipped",
    }),
    connection: name(),
    unit: Type.Optional(wholeNumber(0, 255, { description: "Modbus unit id" })),
    area: name(),
    title: Type.Optional(sentence()),
    prefix: Type.Optional(name({ description: "Put before every tag, for a second identical module" })),
    tags: Type.Optional(
      Type.Record(
        Type.String({ pattern: NAME_PATTERN }),
        Type.Union([name(), OverrideSchema], {
          errorMessage: say("rule-device-tag"),
        }),
        {
          ...namePatternMessage,
          minProperties: 1,
          errorMessage: say("rule-device-tags"),
          description: "Selects and renames: only these tags of the profile are read",
        },
      ),
    ),
  },
  exact,
);

export const PlantSchema = Type.Object(
  {
    plant: Type.Object(
      {
        id: name(),
        group: name({ description: "First level of the MQTT topics" }),
        title: sentence(),
        timeZone: timeZone(),
        productionDay: timeOfDay({
          default: "07:00",
          description: "Start of the production day, local time",
        }),
        shifts: Type.Record(Type.String({ pattern: NAME_PATTERN }), timeOfDay(), {
          ...namePatternMessage,
          default: { day: "07:00", night: "19:00" },
          minProperties: 1,
          errorMessage: say("rule-shifts"),
        }),
      },
      exact,
    ),
    scanClasses: named(duration(), say("rule-scan-classes")),
    connections: named(ConnectionSchema, say("rule-connections")),
    devices: named(DeviceSchema, say("rule-devices")),
    outputs: OutputsSchema,
    broker: Type.Optional(BrokerSchema),
    data: DataSchema,
    http: HttpSchema,
    texts: Type.Optional(
      Type.Record(Type.String({ pattern: LANGUAGE_PATTERN }), sentence(), {
        minProperties: 1,
        errorMessage: say("rule-texts"),
        description:
          "What the titles of this plant are in other languages: files in texts/ beside the plant file, else ../texts, else shipped",
      }),
    ),
    ...METALLURGY_SECTIONS,
    alarms: AlarmsSchema,
    ...PAGE_SECTIONS,
    ...WRITES_SECTION,
  },
  exact,
);

export type OverrideEntry = Static<typeof OverrideSchema>;
export type DeviceEntry = Static<typeof DeviceSchema>;
export type PlantEntry = Omit<Static<typeof PlantSchema>, "outputs"> & {
  readonly outputs: Readonly<Record<string, OutputEntry>>;
};
