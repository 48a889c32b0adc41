import { describe, expect, it } from "vitest";
import { isBad, qualityOf, reasonOf, severity, Status, worse } from "../../../src/domain/status.ts";

describe("status codes", () => {
  it.each([
    [0x00000000, 0, "good"],
    [0x00960000, 0, "good"],
    [0x40000000, 1, "uncertain"],
    [0x7fffffff, 1, "uncertain"],
    [0x80000000, 2, "bad"],
    [0xc0000000, 2, "bad"],
    [0xffffffff, 2, "bad"],
  ] as const)("%i has severity %i: %s", (status, grade, quality) => {
    expect(severity(status)).toBe(grade);
    expect(qualityOf(status)).toBe(quality);
    expect(isBad(status)).toBe(quality === "bad");
  });

  it("every code of ours has the severity of its name, fits 32 bits unsigned and is unique", () => {
    const grades = { Good: 0, Unce: 1, BadX: 2 };
    for (const [name, status] of Object.entries(Status)) {
      const grade = name.startsWith("Bad")
        ? grades.BadX
        : name.startsWith("Good")
          ? grades.Good
          : grades.Unce;
      expect([name, severity(status)]).toEqual([name, grade]);
      expect(status).toBe(status >>> 0);
    }
    expect(new Set(Object.values(Status)).size).toBe(Object.values(Status).length);
  });

  it("every code of ours that is not plainly good has a word for the operator", () => {
    for (const [name, status] of Object.entries(Status))
      if (status !== Status.Good) expect([name, reasonOf(status)]).not.toEqual([name, "OTHER"]);
    expect(reasonOf(Status.Good)).toBeNull();
  });

  it("a foreign code has no word unless something is wrong", () => {
    expect(reasonOf(0x002d0000)).toBeNull();
    expect(reasonOf(0x40bc0000)).toBe("OTHER");
    expect(reasonOf(0x80340000)).toBe("OTHER");
  });

  it("the worse of two wins, and of two equally grave the first", () => {
    expect(worse(Status.Good, Status.UncertainStale)).toBe(Status.UncertainStale);
    expect(worse(Status.BadStale, Status.UncertainStale)).toBe(Status.BadStale);
    expect(worse(Status.UncertainLoopLow, Status.UncertainStuck)).toBe(Status.UncertainLoopLow);
    expect(worse(Status.GoodLocalOverride, Status.Good)).toBe(Status.GoodLocalOverride);
  });
});
