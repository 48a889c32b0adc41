import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAuditor } from "../../../src/gateway/people/people.ts";
import { openJournal } from "../../../src/store/journal/journal.ts";
import { createMemoryLog } from "../../support/plant.ts";

const ROWS = 30;
const OPEN = "DROP TRIGGER audit_stays; DROP TRIGGER audit_remains;";

describe("an audit", () => {
  let dir = "";
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "puma-audit-"));
    const journal = openJournal(dir);
    const { audit } = journal;
    for (let at = 1; at <= ROWS; at++)
      audit.append({
        at,
        by: `person ${at % 3}`,
        action: "alarm-limit-set",
        subject: `LT-${at}.H`,
        before: "80",
        after: String(at),
        reason: at % 2 === 0 ? "hot month" : null,
        address: null,
      });
    journal.close();
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  /** What `verify` finds after somebody has worked on the file itself. */
  function foundAfter(statements: string): number | null {
    const file = new DatabaseSync(join(dir, "journal.sqlite"));
    file.exec(OPEN + statements);
    file.close();
    const journal = openJournal(dir);
    const { audit } = journal;
    try {
      return audit.verify().firstFault;
    } finally {
      journal.close();
    }
  }

  it("is found whole as it was written", () => {
    expect(foundAfter("")).toBeNull();
  });

  it.each([
    "at = at + 1",
    "person = 'x'",
    "action = 'signed-in'",
    "subject = 'x'",
    "before = '81'",
    "after = 'x'",
    "reason = 'x'",
    "address = 'x'",
  ])("shows where %s was set afterwards", (change) => {
    expect(foundAfter(`UPDATE audit SET ${change} WHERE sequence = 17;`)).toBe(17);
  });

  it.each([1, 9, ROWS])("shows that row %i was taken out", (row) => {
    expect(foundAfter(`DELETE FROM audit WHERE sequence = ${row};`)).toBe(row);
  });

  it("shows that two rows have changed places", () => {
    const swap =
      "UPDATE audit SET sequence = 0 WHERE sequence = 5; UPDATE audit SET sequence = 5 WHERE sequence = 6; UPDATE audit SET sequence = 6 WHERE sequence = 0;";
    expect(foundAfter(swap)).toBe(5);
  });

  it("shows that its end was cut off, and that a row was put in", () => {
    expect(foundAfter("DELETE FROM audit WHERE sequence > 20;")).toBe(21);
    const forged =
      "INSERT INTO audit (at, person, action, subject, hash) VALUES (99, 'x', 'signed-in', 'x', 'x');";
    const file = new DatabaseSync(join(dir, "journal.sqlite"));
    file.exec(forged);
    file.close();
    const journal = openJournal(dir);
    const { audit } = journal;
    expect(audit.verify().firstFault).toBe(21);
    journal.close();
  });

  it("that takes nothing keeps nobody from acting, and says so", () => {
    const log = createMemoryLog();
    const full = {
      audit: {
        append: () => {
          throw new Error("database or disk is full");
        },
        between: () => [],
        verify: () => ({ rows: 0, firstFault: null }),
      },
    };
    const event = {
      at: 1,
      by: "rosa",
      action: "alarm-limit-set",
      subject: "x",
      before: null,
      after: null,
      reason: null,
      address: null,
    } as const;
    expect(() => createAuditor(full, log)(event)).not.toThrow();
    expect(log.lines).toMatchObject([{ level: "error", sentence: "the audit takes nothing" }]);
  });
});
