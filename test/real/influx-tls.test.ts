import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createInfluxOutput } from "../../src/outputs/influx/output.ts";
import { createAuthority } from "../support/certificates.ts";
import type { Authority, Pair } from "../support/certificates.ts";
import { startInfluxSink } from "../support/influx-sink.ts";
import { influxContext, manyReadings, manyTags, never } from "../support/outputs.ts";
import { temporaryFolder } from "../support/program.ts";

const folder = temporaryFolder();
const tags = manyTags(10);
let plantCa: Authority;
let strangerCa: Authority;
let server: Pair;

beforeAll(() => {
  plantCa = createAuthority(folder.path, "plant");
  strangerCa = createAuthority(folder.path, "stranger");
  server = plantCa.issue("server", { hosts: "IP:127.0.0.1" });
});

afterAll(() => folder[Symbol.dispose]());

function outputFor(url: string, caFile: string | null) {
  return createInfluxOutput(influxContext({ url, caFile }, tags));
}

const refusal = (sentence: RegExp) => ({
  code: "CONNECTION_LOST",
  message: expect.stringMatching(sentence) as string,
});

describe("an InfluxDB behind https", () => {
  test("takes lines from an output that names its authority, and is asked to make its database over TLS too", async () => {
    await using sink = await startInfluxSink(0, server);
    let exists = false;
    sink.answer = ({ url }) => {
      if (url.startsWith("/query")) {
        exists = true;
        return { status: 200, body: JSON.stringify({ results: [{}] }) };
      }
      return exists ? { status: 204 } : { status: 404, body: '{"error":"database not found: \\"puma\\""}' };
    };
    const output = outputFor(sink.url, plantCa.cert);
    await output.connect(never);
    await output.write(manyReadings(3), never);
    await output.write(manyReadings(2), never);
    expect(sink.stored).toHaveLength(5);
    expect(exists).toBe(true);
    await output.close();
  });

  test.each([
    ["no authority of its own", (): string | null => null, /tls\.ca/u],
    ["another one", (): string | null => strangerCa.cert, /tls\.ca/u],
    ["a file that is not there", (): string | null => "/nowhere/ca.pem", /nowhere\/ca\.pem/u],
  ])("gets nothing from an output that names %s", async (_what, caFile, sentence) => {
    await using sink = await startInfluxSink(0, server);
    const output = outputFor(sink.url, caFile());
    await expect(output.connect(never)).rejects.toMatchObject(refusal(sentence));
    expect(sink.requests).toEqual([]);
    await output.close();
  });

  test("gets nothing where its certificate is another host's or has expired", async () => {
    for (const [pair, sentence] of [
      [plantCa.issue("other", { hosts: "DNS:other" }), /for another host/u],
      [plantCa.issue("old", { hosts: "IP:127.0.0.1", isExpired: true }), /has expired/u],
    ] as const) {
      await using sink = await startInfluxSink(0, pair);
      const output = outputFor(sink.url, plantCa.cert);
      await expect(output.connect(never)).rejects.toMatchObject(refusal(sentence));
      expect(sink.requests).toEqual([]);
      await output.close();
    }
  });

  test("is trusted as soon as the right authority lies in the file, without a restart", async () => {
    await using sink = await startInfluxSink(0, server);
    const file = join(folder.path, "renewed.pem");
    copyFileSync(strangerCa.cert, file);
    const output = outputFor(sink.url, file);
    await expect(output.connect(never)).rejects.toMatchObject(refusal(/tls\.ca/u));
    copyFileSync(plantCa.cert, file);
    await output.connect(never);
    await output.write(manyReadings(1), never);
    expect(sink.stored).toHaveLength(1);
    await output.close();
  });
});
