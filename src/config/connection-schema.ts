import { Type } from "typebox";
import type { Static } from "typebox";
import { say } from "../domain/said.ts";
import { duration, host, text, wholeNumber } from "./vocabulary.ts";

const exact = { additionalProperties: false } as const;

const TIMEOUT = { timeout: duration({ default: "1s", description: "Deadline of one request" }) };
const TCP = { host: host(), port: wholeNumber(1, 65_535, { default: 502 }) };
const SERIAL = {
  baud: wholeNumber(300, 4_000_000, { default: 19_200 }),
  parity: Type.Enum(["none", "even", "odd"], { default: "even" }),
  dataBits: Type.Enum([7, 8], { default: 8 }),
  stopBits: Type.Enum([1, 2], { default: 1 }),
};

const CERTIFICATE_FILE = "PEM file; a relative path starts at the folder of the plant file";

/** `None` has to be written: security is never lost by leaving something out. */
const SecuritySchema = Type.Union(
  [
    Type.Object(
      {
        mode: Type.Enum(["SignAndEncrypt", "Sign"], { default: "SignAndEncrypt" }),
        policy: Type.Enum(["Basic256Sha256", "Aes128_Sha256_RsaOaep", "Aes256_Sha256_RsaPss"], {
          default: "Basic256Sha256",
        }),
      },
      exact,
    ),
    Type.Object({ mode: Type.Literal("None"), policy: Type.Enum(["None"], { default: "None" }) }, exact),
  ],
  { default: {}, discriminator: { propertyName: "mode" } },
);

const IdentitySchema = Type.Union(
  [
    Type.Object({ kind: Type.Enum(["anonymous"], { default: "anonymous" }) }, exact),
    Type.Object({ kind: Type.Literal("password"), user: text(), password: text() }, exact),
    Type.Object(
      {
        kind: Type.Literal("certificate"),
        certificate: text({ description: CERTIFICATE_FILE }),
        key: text({ description: CERTIFICATE_FILE }),
      },
      exact,
    ),
  ],
  { default: {}, discriminator: { propertyName: "kind" } },
);

export const ConnectionSchema = Type.Union(
  [
    Type.Object({ protocol: Type.Literal("modbus-tcp"), ...TCP, ...TIMEOUT }, exact),
    Type.Object(
      {
        protocol: Type.Literal("modbus-rtu"),
        path: text({ description: "Serial port; a relative path starts at the folder of the plant file" }),
        ...SERIAL,
        ...TIMEOUT,
      },
      exact,
    ),
    Type.Object({ protocol: Type.Literal("modbus-rtu-over-tcp"), ...TCP, ...SERIAL, ...TIMEOUT }, exact),
    Type.Object(
      {
        protocol: Type.Literal("opcua"),
        endpoint: Type.String({
          pattern: "^opc[.]tcp://\\S+$",
          errorMessage: say("rule-endpoint"),
        }),
        security: SecuritySchema,
        identity: IdentitySchema,
        publishing: duration({
          default: "500ms",
          description: "Time between two notifications of the server",
        }),
        timeout: duration({ default: "10s", description: "Deadline of one request" }),
      },
      exact,
    ),
  ],
  { discriminator: { propertyName: "protocol" } },
);

export type ConnectionEntry = Static<typeof ConnectionSchema>;
