import { say } from "../domain/said.ts";
import type { Said } from "../domain/said.ts";
import type { AlarmAction, AlarmRequest, AlarmState } from "../domain/alarm.ts";
import type { Cell } from "./cell.ts";
import type { AlarmInput } from "./states.ts";
import { nextState } from "./states.ts";

/** Longer than a shift nothing is put aside without being looked at, ms. */
export const SHELVED_MAX_MS = 12 * 3_600_000;

const STEPS: Readonly<Record<AlarmAction, AlarmInput>> = {
  acknowledge: "acknowledge",
  reset: "reset",
  shelve: "shelve",
  unshelve: "restore",
  suppress: "suppress",
  unsuppress: "restore",
  "out-of-service": "withdraw",
  "return-to-service": "restore",
};

/** Taking back asks for the state in which it was put aside. */
const TAKES_BACK: Partial<Record<AlarmAction, AlarmState>> = {
  unshelve: "SHELVED",
  unsuppress: "SUPPR",
  "return-to-service": "OOS",
};

const PUTS_ASIDE: ReadonlySet<AlarmAction> = new Set(["shelve", "suppress", "out-of-service"]);

export function stepOf(action: AlarmAction): AlarmInput {
  return STEPS[action];
}

/** Why a request cannot be granted now; null when it can. */
export function refusalOf(cell: Cell, request: AlarmRequest): Said | null {
  return (
    wrongState(cell, request) ??
    lackingReason(request) ??
    (request.action === "shelve" ? wrongShelving(cell, request) : null)
  );
}

function wrongState({ rule, state, by, isThere }: Cell, { action }: AlarmRequest): Said | null {
  const taken = TAKES_BACK[action];
  if (taken !== undefined && state !== taken)
    return say("alarm-not-so", { alarm: rule.id, state, wanted: taken });
  if (action === "unsuppress" && by === null) return say("alarm-suppressed", { alarm: rule.id });
  if (nextState(state, STEPS[action], rule.isLatching, isThere) !== null) return null;
  return say("alarm-not-now", { alarm: rule.id, state, action });
}

function lackingReason({ action, reason }: AlarmRequest): Said | null {
  return PUTS_ASIDE.has(action) && reason === null ? say("alarm-say-why", { action }) : null;
}

/** The gravest alarms are not put aside by one person alone. */
function wrongShelving({ rule }: Cell, { by, forMs, second }: AlarmRequest): Said | null {
  if (forMs === null || !(forMs > 0) || forMs > SHELVED_MAX_MS)
    return say("shelved-how-long", { most: SHELVED_MAX_MS / 3_600_000 });
  if (rule.priority !== 1) return null;
  const other = second?.trim().toLowerCase() ?? "";
  if (other === "" || other === by.trim().toLowerCase()) return say("shelved-by-two", { alarm: rule.id });
  return null;
}
