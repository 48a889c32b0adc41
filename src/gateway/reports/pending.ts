import type { AssayPoint } from "../../config/metallurgy.ts";
import type { Calendar, Period } from "../../domain/calendar.ts";
import type { PendingAssay } from "../../domain/report.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Journal } from "../../store/journal/journal.ts";

/** Samples that were due by now within a period and do not count: not reported, held back, above what the method can tell. */
export function pendingAssays(
  points: readonly AssayPoint[],
  calendar: Calendar,
  { assays }: Pick<Journal, "assays">,
  { from, to }: Pick<Period, "from" | "to">,
  now: EpochMs,
): PendingAssay[] {
  return points.flatMap((point) =>
    duePeriods(point, calendar, from, to)
      .filter((due) => due.to <= now)
      .flatMap((due) => pendingIn(point, assays, due) ?? []),
  );
}

function duePeriods({ every }: AssayPoint, calendar: Calendar, from: EpochMs, to: EpochMs): Period[] {
  if (every !== "shift" && every !== "day") return [];
  return calendar.within(every, from, to).filter((due) => due.from >= from && due.to <= to);
}

function pendingIn(
  { id, title }: AssayPoint,
  assays: Journal["assays"],
  { from, to }: Period,
): PendingAssay | null {
  const cut = assays.cutWithin(id, from, to).filter(({ cutFrom, cutTo }) => {
    const middle = (cutFrom + cutTo) / 2;
    return middle >= from && middle < to;
  });
  if (cut.some(({ state }) => state === "accepted")) return null;
  const [first] = cut;
  const why = first === undefined || first.state === "accepted" ? "missing" : first.state;
  return { point: id, title, from, to, why };
}
