import { Type } from "typebox";
import type { Static } from "typebox";
import { say } from "../domain/said.ts";
import { WRITE_ROLES } from "../domain/write.ts";
import { duration, name, size, text, truth, wholeNumber } from "./vocabulary.ts";

const exact = { additionalProperties: false } as const;

const DELIVERY = {
  trimLag: duration({
    default: "60s",
    description: "What the sink acknowledged so shortly before it was lost is sent again when it is back",
  }),
  historyRate: wholeNumber(100, 10_000_000, {
    default: 20_000,
    description: "Readings a second, at the most, with which an outage is filled in",
  }),
};
const CREDENTIALS = { user: Type.Optional(text()), password: Type.Optional(text()) };

const brokerUrl = (said: { readonly description?: string } = {}) =>
  Type.String({
    pattern: "^(mqtts?|wss?)://[^\\s/]+(/\\S*)?$",
    errorMessage: say("rule-broker-url"),
    ...said,
  });

const TLS = Type.Object(
  {
    ca: Type.Optional(text({ description: "PEM file; the authorities that come with Node without it" })),
    cert: Type.Optional(
      text({ description: "PEM file of our own certificate, for brokers that ask for one" }),
    ),
    key: Type.Optional(text({ description: "PEM file of its key" })),
  },
  exact,
);

const MQTT = {
  url: Type.Optional(brokerUrl({ description: "The embedded broker where it is not given" })),
  urls: Type.Optional(
    Type.Array(brokerUrl(), {
      minItems: 1,
      maxItems: 8,
      errorMessage: say("rule-broker-urls"),
      description: "Instead of url: several brokers, of which one is used at a time",
    }),
  ),
  plaintext: truth({
    default: false,
    description: "Allows mqtt and ws, which anybody on the way can read and change, to another machine",
  }),
  tls: Type.Optional(TLS),
  format: Type.Enum(["json", "sparkplug"], {
    default: "json",
    description: "sparkplug: an edge node of Sparkplug B 3.0, which fixes qos and retain itself",
  }),
  primaryHost: Type.Optional(
    name({ description: "Sparkplug: publish only while this host application is online" }),
  ),
  commands: Type.Optional(
    Type.Enum([...WRITE_ROLES], {
      description:
        "Sparkplug: hosts may write what `writes` allows this role; without it no command writes anything",
    }),
  ),
  qos: Type.Enum([0, 1], { default: 1 }),
  retain: truth({ default: true }),
  protocolVersion: Type.Enum([4, 5], { default: 4, description: "4 is MQTT 3.1.1" }),
  clientId: Type.Optional(name({ description: "group-plant-output where it is not given" })),
  keepalive: wholeNumber(1, 65_535, { default: 15, description: "Seconds" }),
  ...CREDENTIALS,
  ...DELIVERY,
};

const INFLUX = {
  url: Type.String({
    pattern: "^https?://[^\\s/]+(/\\S*)?$",
    errorMessage: say("rule-influx-url"),
  }),
  version: Type.Enum([1, 2, 3], { default: 1 }),
  database: Type.Optional(text({ description: "Versions 1 and 3" })),
  organization: Type.Optional(text({ description: "Version 2" })),
  bucket: Type.Optional(text({ description: "Version 2" })),
  token: Type.Optional(text({ description: "Versions 2 and 3" })),
  tls: Type.Optional(
    Type.Object(
      {
        ca: text({
          description: "PEM file of the server's authority, in place of those that come with Node",
        }),
      },
      exact,
    ),
  ),
  gzip: truth({ default: true }),
  batch: wholeNumber(1, 50_000, { default: 5000, description: "Readings in one request at the most" }),
  ...CREDENTIALS,
  ...DELIVERY,
};

/** The names `mqtt` and `influx` imply their type; any other output says it. */
export const OutputsSchema = Type.Object(
  {
    mqtt: Type.Optional(Type.Object({ type: Type.Enum(["mqtt"], { default: "mqtt" }), ...MQTT }, exact)),
    influx: Type.Optional(
      Type.Object({ type: Type.Enum(["influx"], { default: "influx" }), ...INFLUX }, exact),
    ),
  },
  {
    default: {},
    additionalProperties: Type.Union(
      [
        Type.Object({ type: Type.Literal("mqtt"), ...MQTT }, exact),
        Type.Object({ type: Type.Literal("influx"), ...INFLUX }, exact),
      ],
      { discriminator: { propertyName: "type" } },
    ),
  },
);

export const DataSchema = Type.Object(
  {
    dir: text({ default: "./data", description: "A relative path starts at the folder of the plant file" }),
    spoolMax: size({ default: "1GiB" }),
    groupCommit: Type.String({
      pattern: "^(100|[1-9][0-9]?)ms$",
      errorMessage: say("rule-short-duration"),
      default: "20ms",
      description: "A reading is synced to disk within this time, together with those that came meanwhile",
    }),
    historyDays: wholeNumber(0, 36_500, {
      default: 400,
      description:
        "How long readings are kept on this machine; 0 keeps none, for a gateway that only forwards",
    }),
  },
  { ...exact, default: {} },
);

const MqttSchema = Type.Object({ type: Type.Literal("mqtt"), ...MQTT }, exact);
const InfluxSchema = Type.Object({ type: Type.Literal("influx"), ...INFLUX }, exact);

export type MqttEntry = Static<typeof MqttSchema>;
export type InfluxEntry = Static<typeof InfluxSchema>;
export type OutputEntry = MqttEntry | InfluxEntry;
