import type { Flowsheet } from "../../config/metallurgy.ts";
import type { BalanceClosure } from "../../http/figure-view.ts";
import { closureOf, goldCarried } from "../../metallurgy/closure.ts";
import type { Amount } from "../../metallurgy/closure.ts";
import { SUBSTANCES } from "../../domain/substance.ts";
import type { Substance } from "../../domain/substance.ts";
import type { FlowsheetStream } from "../../metallurgy/flowsheet.ts";

/** How far the raw numbers close: of the whole plant first, then of each node, in each substance that passes there. */
export function closuresOf({ nodes }: Flowsheet, streams: readonly FlowsheetStream[]): BalanceClosure[] {
  const places = [null, ...nodes.map(({ id }) => id)];
  return places.flatMap((node) => SUBSTANCES.flatMap((of) => closureAt(node, of, streams) ?? []));
}

function closureAt(
  node: string | null,
  of: Substance,
  all: readonly FlowsheetStream[],
): BalanceClosure | null {
  const streams = all.filter(({ carries }) => carries.includes(of));
  // Seen from the plant, what comes from outside enters.
  const entering = streams.filter(({ from, to }) => (node === null ? from === null : to === node));
  const leaving = streams.filter(({ from, to }) => (node === null ? to === null : from === node));
  if (entering.length === 0 && leaving.length === 0) return null;
  const missing = [...entering, ...leaving]
    .filter((stream) => amountOf(stream, of) === null)
    .map(({ id }) => id);
  if (missing.length > 0) return { node, of, percent: null, u: null, missing };
  const amounts = (some: readonly FlowsheetStream[]): Amount[] =>
    some.flatMap((stream) => amountOf(stream, of) ?? []);
  const closure = closureOf(amounts(entering), amounts(leaving));
  return { node, of, percent: closure?.percent ?? null, u: closure?.u ?? null, missing };
}

/** Raw: t of solids, m3 of water, g of gold; null where it was not measured. */
function amountOf(stream: FlowsheetStream, of: Substance): Amount | null {
  if (of !== "gold") return known(stream[of]);
  const [tonnes, grade] = [known(stream.solids), known(stream.gold)];
  if (!stream.carries.includes("solids") || grade === null) return grade;
  return tonnes === null ? null : goldCarried(tonnes, grade);
}

function known(figure: FlowsheetStream[Substance]): Amount | null {
  return figure === null || figure.value === null ? null : { value: figure.value, u: figure.u };
}
