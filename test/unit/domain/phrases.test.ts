import { describe, expect, it } from "vitest";
import { createTranslator, translated } from "../../../src/domain/phrases.ts";

const say = createTranslator({
  "{} level": "Nivel de {}",
  "{} water level": "Nivel de agua de {}",
  "{} high": "{}: valor alto",
  "{} solids": "Sólidos de {}",
  "{}: solids": "{}: sólidos",
  "{}: {}": "{}: {}",
  "{} of {}": "{} en {}",
  "Mill sump": "Cajón de bombeo",
  "CIL tank 1": "Tanque CIL 1",
  SMBS: "SMBS",
  Gold: "Oro",
});

describe("a text of the plant in another language", () => {
  it.each([
    ["Mill sump", "Cajón de bombeo"],
    ["Mill sump level", "Nivel de cajón de bombeo"],
    ["Mill sump level high", "Nivel de cajón de bombeo: valor alto"],
    ["Mill sump high", "Cajón de bombeo: valor alto"],
    ["SMBS level", "Nivel de SMBS"],
    ["Mill sump solids", "Sólidos de cajón de bombeo"],
    ["Mill sump: solids", "Cajón de bombeo: sólidos"],
    ["Mill sump: Gold", "Cajón de bombeo: oro"],
    ["NaCN level", "Nivel de NaCN"],
    ["Gold of CIL tank 1", "Oro en tanque CIL 1"],
  ])("%s is %s", (text, said) => {
    expect(say(text)).toBe(said);
  });

  it("takes of two forms the one that says more of the text", () => {
    expect(say("Mill sump water level")).toBe("Nivel de agua de cajón de bombeo");
  });

  it("stays as it is where nothing is known of it, also within a form", () => {
    expect(say("Flywheel")).toBe("Flywheel");
    expect(say("Flywheel level")).toBe("Nivel de flywheel");
    expect(say(" level")).toBe(" level");
    expect(say("")).toBe("");
  });

  it("ends, whatever the forms are", () => {
    const endless = createTranslator({ "{} x": "{} x x", "x {}": "x x {}" });
    expect(endless("x x x x x x x x x x x")).toContain("x");
  });

  it("never takes a name of the language's own objects for a text", () => {
    expect(say("constructor")).toBe("constructor");
    expect(say("__proto__")).toBe("__proto__");
  });
});

describe("an answer in another language", () => {
  it("has its titles, consequences, responses and names of states in it, and everything else as it was", () => {
    const answer = {
      tag: "Mill sump",
      title: "Mill sump",
      states: { 0: "Gold", 1: "Mill sump" },
      alarms: [{ alarm: "a", title: "Mill sump high", consequence: "Gold", response: "Mill sump level" }],
      missing: ["Mill sump", "Flywheel"],
      value: null,
      unit: "Gold",
    };
    expect(translated(answer, say)).toEqual({
      tag: "Mill sump",
      title: "Cajón de bombeo",
      states: { 0: "Oro", 1: "Cajón de bombeo" },
      alarms: [
        {
          alarm: "a",
          title: "Cajón de bombeo: valor alto",
          consequence: "Oro",
          response: "Nivel de cajón de bombeo",
        },
      ],
      missing: ["Cajón de bombeo", "Flywheel"],
      value: null,
      unit: "Gold",
    });
  });
});
