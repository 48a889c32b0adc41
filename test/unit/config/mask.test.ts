import { describe, expect, it } from "vitest";
import { maskPlantFile } from "../../../src/config/mask.ts";
import { maskSecrets } from "../../../src/domain/mask.ts";

describe("a plant file that is shown", () => {
  it.each([
    ["of several words", "password: lluvia martillo tren 58", "password: •••"],
    ["with marks of YAML in it", "password: a,b}c#d]e", "password: •••"],
    ["in quotes", `{ user: x, password: "a\\"b, c", url: u }`, "{ user: x, password: •••, url: u }"],
    ["in a flow map", "{ password: abc, token: def }", "{ password: •••, token: ••• }"],
    ["over several lines", "password: |\n  abc\n  def\nuser: x", "password: •••\nuser: x"],
    ["folded without a mark", "password: abc\n  def\nuser: x", "password: •••\nuser: x"],
    ["by an anchor", "key: &p abc\npassword: *p", "key: &p •••\npassword: *p"],
    ["after an anchor", "password: &p abc", "password: &p •••"],
    ["under a quoted key", `"token" : abc`, `"token" : •••`],
    ["that is a number", "password: 12345", "password: •••"],
    ["beside a reference", "password: ${A}b c", "password: •••"],
    ["in a comment", "user: x # password: abc def", "user: x # password: •••"],
    ["in a URL", "url: mqtts://gateway:abc@broker.example", "url: mqtts://•••@broker.example"],
  ])("shows no password %s", (_, written, shown) => {
    expect(maskPlantFile(written)).toBe(shown);
  });

  it("shows where its secrets are kept, and everything else as it is", () => {
    const text = `outputs:\n  mqtt: { user: x, password: "\${MQTT}" } # token: \${T}\n  influx: { token: "\${file:t.txt}" }\n`;
    expect(maskPlantFile(text)).toBe(text);
  });
});

it("a text for people has no known secret and no password of a URL", () => {
  expect(maskSecrets("abc at mqtt://x:y@h failed", ["abc"])).toBe("••• at mqtt://•••@h failed");
});
