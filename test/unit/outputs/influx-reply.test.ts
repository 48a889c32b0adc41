import { describe, expect, test } from "vitest";
import { judge, retryAfterMs } from "../../../src/outputs/influx/reply.ts";

const NOW = Date.parse("2026-11-23T08:00:00Z");

function judged(status: number, body = "", retryAfter?: string): ReturnType<typeof judge> {
  return judge({ status, body, retryAfter }, "db:8086", NOW);
}

describe("the answer of an InfluxDB", () => {
  test.each([200, 204])("%d means stored", (status) => {
    expect(judged(status)).toEqual({ kind: "stored" });
  });

  test("413 means too large, 404 no database", () => {
    expect(judged(413)).toEqual({ kind: "too-large" });
    expect(judged(404, '{"error":"database not found: \\"puma\\""}')).toEqual({
      kind: "no-database",
      reason: 'database not found: "puma"',
    });
  });

  test.each<[string, number, string, object]>([
    [
      "of version 1 counts the lines dropped of a partial write",
      400,
      '{"error":"partial write: field type conflict: input field \\"value\\" on measurement \\"reading\\" is type string, already exists as type float dropped=2"}',
      { refused: 2, named: null },
    ],
    [
      "of version 1 to text that is no line names nobody when it dropped nothing",
      400,
      '{"error":"partial write: unable to parse \'x\': missing fields dropped=0"}',
      { refused: null, named: null },
    ],
    [
      "of version 2",
      422,
      '{"code":"unprocessable entity","message":"failure writing points to database: partial write: points beyond retention policy dropped=5"}',
      {
        refused: 5,
        named: null,
        reason: "failure writing points to database: partial write: points beyond retention policy dropped=5",
      },
    ],
    [
      "of version 3 names the lines",
      400,
      '{"error":"partial write of line protocol occurred","data":[{"original_line":"x","line_number":3,"error_message":"no fields"}]}',
      { refused: null, named: [{ line: 2, reason: "no fields" }] },
    ],
    ["in plain text", 400, "bad request\n", { refused: null, named: null, reason: "bad request" }],
    ["that is cut off", 400, '{"error":"partial wri', { refused: null, named: null }],
  ])("%s", (_name, status, body, expected) => {
    expect(judged(status, body)).toMatchObject({ kind: "bad-lines", ...expected });
  });

  test.each([429, 503])("%d asks us to wait", (status) => {
    expect(() => judged(status, "", "7")).toThrow(
      expect.objectContaining({ code: "THROTTLED", retryAfterMs: 7000 }),
    );
  });

  test.each([301, 401, 403, 405, 500, 502, 504])("%d keeps the data and says what is wrong", (status) => {
    const attempt = (): unknown => judged(status, "because");
    expect(attempt).toThrow(expect.objectContaining({ code: "CONNECTION_LOST" }));
    expect(attempt).toThrow(/^db:8086 .*because/u);
  });

  test("gives long reasons in short", () => {
    expect(JSON.stringify(judged(400, "x".repeat(60_000))).length).toBeLessThan(500);
  });
});

describe("Retry-After", () => {
  test.each<[string | undefined, number]>([
    ["0", 0],
    ["120", 120_000],
    ["Mon, 23 Nov 2026 08:00:30 GMT", 30_000],
    ["Mon, 23 Nov 2026 07:00:00 GMT", 0],
    ["999999", 300_000],
    ["soon", 5000],
    [undefined, 5000],
  ])("%j means %d ms", (header, ms) => {
    expect(retryAfterMs(header, NOW)).toBe(ms);
  });
});
