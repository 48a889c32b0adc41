import { Type } from "typebox";
import type { Static } from "typebox";
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

const named = <T extends Parameters<typeof Type.Record>[1]>(entry: T, errorMessage: string) =>
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
          errorMessage: "must be the name of a tag of the plant, or a map of what differs from the profile",
        }),
        {
          ...namePatternMessage,
          minProperties: 1,
          errorMessage: "must be a map from tags of the profile to tags of the plant",
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
          errorMessage: 'must be a map from shifts to their start such as { day: "07:00", night: "19:00" }',
        }),
      },
      exact,
    ),
    scanClasses: named(
      duration(),
      "must be a map from scan classes to periods such as { fast: 1s, slow: 10s }",
    ),
    connections: named(ConnectionSchema, "must be a map of at least one connection"),
    devices: named(DeviceSchema, "must be a map of at least one device"),
    outputs: OutputsSchema,
    broker: Type.Optional(BrokerSchema),
    data: DataSchema,
    http: HttpSchema,
    texts: Type.Optional(
      Type.Record(Type.String({ pattern: LANGUAGE_PATTERN }), sentence(), {
        minProperties: 1,
        errorMessage: "must be a map from languages to files such as { es-PE: plant.es-PE.yaml }",
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
