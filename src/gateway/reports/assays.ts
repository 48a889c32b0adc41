import type { AssayPoint } from "../../config/metallurgy.ts";
import type { ReportAssay } from "../../domain/report.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Journal } from "../../store/journal/journal.ts";

/** What the laboratory has reported of samples whose cut has its middle within from ≤ t < to, in the order of the plant
 *  file. */
export function assaysOf(
  points: readonly AssayPoint[],
  { assays }: Pick<Journal, "assays">,
  from: EpochMs,
  to: EpochMs,
): ReportAssay[] {
  return points.flatMap(({ id, title, unit }) =>
    assays
      .cutWithin(id, from, to)
      .filter(({ cutFrom, cutTo }) => (cutFrom + cutTo) / 2 >= from && (cutFrom + cutTo) / 2 < to)
      .map(({ sample, value, u, asReported, state, version }) => ({
        point: id,
        title,
        sample,
        value,
        u,
        unit,
        asReported,
        state,
        version,
      })),
  );
}
