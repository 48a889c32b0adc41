import { describe, expect, it } from "vitest";
import { readLiveRequest } from "../../../src/http/live-request.ts";

describe("a message to the live socket", () => {
  it.each([
    ['{"subscribe":"*"}', { subscribe: "*", time: false, alarms: false, session: false }],
    [
      '{"subscribe":["FT-207","LT-401"],"time":true}',
      { subscribe: ["FT-207", "LT-401"], time: true, alarms: false, session: false },
    ],
    ['{"subscribe":[]}', { subscribe: [], time: false, alarms: false, session: false }],
    ['{"subscribe":["__proto__"]}', { subscribe: ["__proto__"], time: false, alarms: false, session: false }],
    ['{"subscribe":"*","alarms":true}', { subscribe: "*", time: false, alarms: true, session: false }],
    ['{"subscribe":"*","session":true}', { subscribe: "*", time: false, alarms: false, session: true }],
    ['{"subscribe":"*","lots":true}', { subscribe: "*", time: false, alarms: false, session: false }],
  ])("%s is understood", (text, request) => {
    expect(readLiveRequest(text)).toEqual(request);
  });

  it.each([
    ["", 1007],
    ["{", 1007],
    ["subscribe", 1007],
    ["null", 1008],
    ["7", 1008],
    ["[]", 1008],
    ["{}", 1008],
    ['{"__proto__":{"subscribe":"*"}}', 1008],
    ['{"subscribe":"FT-207"}', 1008],
    ['{"subscribe":[1]}', 1008],
    ['{"subscribe":{"length":1}}', 1008],
    ['{"subscribe":"*","time":"yes"}', 1008],
    ['{"subscribe":"*","alarms":1}', 1008],
    ['{"subscribe":"*","session":null}', 1008],
    [JSON.stringify({ subscribe: Array.from({ length: 5001 }, () => "A") }), 1008],
  ])("%.40s is refused with code %i", (text, closeCode) => {
    const refusal = readLiveRequest(text);
    expect(refusal).toMatchObject({ closeCode });
    expect("sentence" in refusal && Buffer.byteLength(refusal.sentence)).toBeLessThanOrEqual(123);
  });
});
