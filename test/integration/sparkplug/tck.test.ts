import { beforeAll, describe, expect, test } from "vitest";
import type { Claim } from "./claim.ts";
import { FLOW_CLAIMS } from "./claims-flow.ts";
import { PAYLOAD_CLAIMS } from "./claims-payloads.ts";
import { TOPIC_CLAIMS } from "./claims-topics.ts";
import { recordSession } from "./recorded-session.ts";
import type { RecordedSession } from "./recorded-session.ts";

let session: RecordedSession;

beforeAll(async () => {
  session = await recordSession();
});

const CHAPTERS: Readonly<Record<string, readonly Claim[]>> = {
  "topics and names": TOPIC_CLAIMS,
  payloads: PAYLOAD_CLAIMS,
  "the flow of messages": FLOW_CLAIMS,
};

describe.each(Object.entries(CHAPTERS))("Sparkplug on %s", (_chapter, claims) => {
  test.each(claims.map(([id, does, prove]) => [`${does} [tck-id-${id}]`, prove] as const))(
    "%s",
    (_title, prove) => {
      prove(session);
    },
  );
});

test("no assertion is proven twice", () => {
  const ids = Object.values(CHAPTERS).flatMap((claims) => claims.map(([id]) => id));
  expect(new Set(ids).size).toBe(ids.length);
});
