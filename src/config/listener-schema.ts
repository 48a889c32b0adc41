import { Type } from "typebox";
import type { Static } from "typebox";
import { say } from "../domain/said.ts";
import { host, text, truth, wholeNumber } from "./vocabulary.ts";

const exact = { additionalProperties: false } as const;

const LISTENER_TLS = Type.Union(
  [
    Type.Literal("generated"),
    Type.Object(
      {
        cert: text({ description: "PEM file: the certificate, then those of its authorities" }),
        key: text({ description: "PEM file of its key, without a password" }),
      },
      exact,
    ),
  ],
  {
    errorMessage: say("rule-listener-tls"),
    description: "generated: a certificate of the gateway's own making, kept and renewed in the data folder",
  },
);

const NETWORK = /^(?:(\d{1,3}(?:\.\d{1,3}){3})|([0-9a-f.]*(?::[0-9a-f.]*)+))(?:\/(\d{1,3}))?$/i;

/** An IP address, or a network as address and length of its prefix (RFC 4632, RFC 4291); not the whole internet. */
function isNetwork(written: string): boolean {
  const [, v4, v6, prefix] = NETWORK.exec(written) ?? [];
  const address = v4 ?? v6;
  if (address === undefined || (prefix !== undefined && Number(prefix) < 1)) return false;
  if (Number(prefix ?? 1) > (v4 === undefined ? 128 : 32)) return false;
  return v4 === undefined
    ? URL.canParse(`http://[${address}]`)
    : v4.split(".").every((byte) => Number(byte) < 256);
}

export const BrokerSchema = Type.Object(
  {
    host: host({ default: "127.0.0.1" }),
    port: wholeNumber(0, 65_535, { default: 1883 }),
    wsPort: wholeNumber(0, 65_535, { default: 9001, description: "MQTT over WebSocket" }),
    tls: Type.Optional(LISTENER_TLS),
    plaintext: Type.Optional(
      truth({
        description: "Lets other machines listen without encryption, which anybody on the way can read",
      }),
    ),
  },
  exact,
);

export const HttpSchema = Type.Object(
  {
    host: host({ default: "127.0.0.1" }),
    port: wholeNumber(0, 65_535, { default: 8080 }),
    auth: Type.Enum(["accounts", "none"], {
      default: "accounts",
      description: "none: no login, for a loopback host only",
    }),
    names: Type.Optional(
      Type.Array(host(), {
        minItems: 1,
        maxItems: 50,
        errorMessage: say("rule-hosts"),
        description:
          "Further names of this machine: they are answered to, and stand in a generated certificate",
      }),
    ),
    tls: Type.Optional(LISTENER_TLS),
    plaintext: Type.Optional(
      truth({
        description: "Allows plain HTTP, which anybody on the way can read and change, to other machines",
      }),
    ),
    trustedProxies: Type.Optional(
      Type.Array(Type.Refine(Type.String(), isNetwork), {
        minItems: 1,
        maxItems: 50,
        errorMessage: say("rule-proxies"),
        description:
          "Reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed; nobody else's are",
      }),
    ),
  },
  { ...exact, default: {} },
);

export type ListenerTlsEntry = Static<typeof LISTENER_TLS>;
