import { expect, it } from "vitest";
import { exposition } from "../../../src/http/exposition.ts";

it("writes each family with its help, its type and its samples", () => {
  const text = exposition([
    { name: "puma_tags", type: "gauge", help: "Tags by quality.", samples: [[{ quality: "good" }, 189]] },
    { name: "puma_polls_total", type: "counter", help: "Polls.", samples: [[{}, 7]] },
  ]);
  expect(text).toBe(
    "# HELP puma_tags Tags by quality.\n# TYPE puma_tags gauge\n" +
      'puma_tags{quality="good"} 189\n' +
      "# HELP puma_polls_total Polls.\n# TYPE puma_polls_total counter\npuma_polls_total 7\n",
  );
});

it("leaves out families without samples", () => {
  expect(exposition([{ name: "puma_nothing", type: "gauge", help: "", samples: [] }])).toBe("");
});

it.each([
  ['say "no"', 'say \\"no\\"'],
  ["C:\\data", "C:\\\\data"],
  ["two\nlines", "two\\nlines"],
])("escapes %j in a label", (value, written) => {
  expect(exposition([{ name: "m", type: "gauge", help: "h", samples: [[{ l: value }, 1]] }])).toContain(
    `m{l="${written}"} 1`,
  );
});

it.each([
  [NaN, "NaN"],
  [Infinity, "+Inf"],
  [-Infinity, "-Inf"],
  [0.25, "0.25"],
])("writes the number %s as %s", (value, written) => {
  expect(exposition([{ name: "m", type: "gauge", help: "h", samples: [[{}, value]] }])).toContain(
    `\nm ${written}\n`,
  );
});
