import { ask, Unanswered } from "../../api.ts";
import type { Value } from "../../api.ts";
import { cellOf } from "../../store.ts";
import { emptyPen, numberOf } from "./pen.ts";
import type { Pen, Span } from "./pen.ts";

interface TrendAnswer {
  readonly reduced: boolean;
  readonly t: readonly number[];
  readonly v: readonly Value[];
  readonly s: readonly number[];
}

/** Two points, the smallest and the largest, for each pixel of a wide screen. */
const POINTS = 2_000;

/** A pen with what the historian has of it; null for a tag that there is not, or of which nothing is kept. Rejects with Unanswered
 *  when the gateway is away or too busy to say. */
export async function loadPen(tag: string, { from, to }: Span): Promise<Pen | null> {
  const cell = cellOf(tag);
  if (cell === null) return null;
  const query = new URLSearchParams({
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    points: String(POINTS),
  });
  try {
    const { t, v, s, reduced } = await ask<TrendAnswer>(
      `/api/v1/tags/${encodeURIComponent(tag)}/history?${query.toString()}`,
    );
    const isStepped = cell.about.states !== undefined || v.some((value) => typeof value === "boolean");
    return {
      ...emptyPen(cell),
      isStepped,
      times: t,
      values: v.map(numberOf),
      statuses: s,
      isReduced: reduced,
    };
  } catch (error) {
    if (error instanceof Unanswered && error.isOfNothing) return null;
    throw error;
  }
}

/** The pen with the reading that has just come at its end. */
export function extended(pen: Pen): Pen {
  const reading = cellOf(pen.tag)?.reading.peek();
  if (reading === undefined || reading.t <= (pen.times.at(-1) ?? -Infinity)) return pen;
  return {
    ...pen,
    times: [...pen.times, reading.t],
    values: [...pen.values, reading.q === "bad" ? null : numberOf(reading.v)],
    statuses: [...pen.statuses, reading.s],
  };
}
