import type { Flowsheet } from "../../config/metallurgy.ts";
import type { BalanceClosure } from "../../http/figure-view.ts";
import { closureOf, goldCarried } from "../../metallurgy/closure.ts";
import type { Amount } from "../../metallurgy/closure.ts";
import type { FlowsheetStream, Substance } from "../../metallurgy/flowsheet.ts";

/** How far the raw numbers close: of the whole plant first, then of each node, for solids and for gold. */
export function closuresOf({ nodes }: Flowsheet, streams: readonly FlowsheetStream[]): BalanceClosure[] {
  const places = [null, ...nodes.map(({ id }) => id)];
  return places.flatMap((node) => (["solids", "gold"] as const).map((of) => closureAt(node, of, streams)));
}

function closureAt(node: string | null, of: Substance, all: readonly FlowsheetStream[]): BalanceClosure {
  const streams = of === "solids" ? all.filter(({ isGoldOnly }) => !isGoldOnly) : all;
  // Seen from the plant, what comes from outside enters.
  const entering = streams.filter(({ from, to }) => (node === null ? from === null : to === node));
  const leaving = streams.filter(({ from, to }) => (node === null ? to === null : from === node));
  const missing = [...entering, ...leaving]
    .filter((stream) => amountOf(stream, of) === null)
    .map(({ id }) => id);
  if (missing.length > 0) return { node, of, percent: null, u: null, missing };
  const amounts = (some: readonly FlowsheetStream[]): Amount[] =>
    some.flatMap((stream) => amountOf(stream, of) ?? []);
  const closure = closureOf(amounts(entering), amounts(leaving));
  return { node, of, percent: closure?.percent ?? null, u: closure?.u ?? null, missing };
}

/** Raw: t of solids, g of gold; null where it was not measured. */
function amountOf({ solids, gold, isGoldOnly }: FlowsheetStream, of: Substance): Amount | null {
  if (of === "solids") return known(solids);
  const [tonnes, grade] = [known(solids), known(gold)];
  if (isGoldOnly || grade === null) return grade;
  return tonnes === null ? null : goldCarried(tonnes, grade);
}

function known(figure: FlowsheetStream["solids"] | FlowsheetStream["gold"]): Amount | null {
  return figure === null || figure.value === null ? null : { value: figure.value, u: figure.u };
}
