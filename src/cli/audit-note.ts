import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import type { AuditAction } from "../domain/people.ts";
import { systemClock } from "../domain/system-clock.ts";
import { createAuditor } from "../gateway/people/people.ts";
import { JOURNAL_FILE, openJournal } from "../store/journal/journal.ts";
import { createLog } from "./log.ts";

/** Who sits at the command line, as the audit names them. */
export function commandLineName(): string {
  return `command line (${userInfo().username})`;
}

/** Writes into the audit what has been done from the command line; where there is no journal yet, there is nothing to be added to. */
export function auditFromHere(
  dataDir: string,
  { action, subject, after }: { action: AuditAction; subject: string; after: string },
): void {
  if (!existsSync(join(dataDir, JOURNAL_FILE))) return;
  const journal = openJournal(dataDir);
  try {
    const by = { by: commandLineName(), address: null };
    createAuditor(
      journal,
      createLog("error"),
    )({
      ...by,
      at: systemClock.now(),
      action,
      subject,
      before: null,
      after,
      reason: null,
    });
  } finally {
    journal.close();
  }
}
