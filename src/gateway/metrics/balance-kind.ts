import type { Flowsheet, StreamConfig } from "../../config/metallurgy.ts";
import { unknown } from "../../domain/figure.ts";
import type { Figure } from "../../domain/figure.ts";
import { quantity } from "../../domain/quantity.ts";
import { Status, worse } from "../../domain/status.ts";
import type { StatusCode } from "../../domain/status.ts";
import { reconcileFlowsheet } from "../../metallurgy/flowsheet.ts";
import { unitOf } from "../../domain/substance.ts";
import type { Substance } from "../../domain/substance.ts";
import type { FlowsheetStream } from "../../metallurgy/flowsheet.ts";
import type { Units } from "../../metallurgy/formula.ts";
import type { Kind, Recipe } from "./recipe.ts";

/** What is measured of a stream: a metric or a sampling point, in this unit. */
export type Measure = (id: string, unit: string) => Figure;

/** The streams of a flowsheet with what was measured of them. */
export function streamsOf({ streams }: Flowsheet, measure: Measure): readonly FlowsheetStream[] {
  return streams.map(({ id, from, to, carries, solids, water, gold }) => ({
    id,
    from,
    to,
    carries,
    solids: solids === null ? null : (measure(solids, "t") as Figure<"t">),
    water: water === null ? null : (measure(water, "m3") as Figure<"m3">),
    gold: gold === null ? null : (measure(gold, unitOf("gold", carries)) as Figure<"g">),
  }));
}

/** M-48. The flowsheet of the plant file, reconciled: a result for each substance of each stream, beside the raw
 *  figures and never in their place. Null for a plant without a flowsheet. */
export function balanceKind(flowsheet: Flowsheet): Kind | null {
  const measured = flowsheet.streams.flatMap(measuredOf);
  if (flowsheet.nodes.length === 0 || measured.length === 0) return null;
  const inputs: Units = Object.fromEntries(measured.map(({ name, unit }) => [name, unit]));
  const results: Record<string, Recipe> = {};
  for (const { id, carries } of flowsheet.streams)
    for (const of of carries)
      results[of === "solids" ? id : `${id}-${of}`] = recipeFor(
        flowsheet,
        inputs,
        id,
        of,
        unitOf(of, carries),
      );
  return {
    title: "Reconciled balance",
    results,
    defaults: Object.fromEntries(measured.map(({ name, id }) => [name, id])),
  };
}

/** The worst of what was measured; what was not takes no part. */
function statusOf(figures: Readonly<Record<string, Figure>>): StatusCode {
  return Object.values(figures)
    .filter(({ value }) => value !== null)
    .reduce((worst: StatusCode, { status }) => worse(worst, status), Status.Good);
}

interface Measured {
  /** Of the input. */
  readonly name: string;
  readonly id: string;
  readonly unit: string;
}

/** One input for each that is measured, however many streams it is of. */
function measuredOf(stream: StreamConfig): Measured[] {
  return stream.carries.flatMap((of): Measured[] => {
    const [id, unit] = [stream[of], unitOf(of, stream.carries)];
    return id === null ? [] : [{ name: inputName(id, unit), id, unit }];
  });
}

const inputName = (id: string, unit: string): string => `${id} in ${unit}`;

function recipeFor(flowsheet: Flowsheet, inputs: Units, stream: string, of: Substance, unit: string): Recipe {
  const nodes = flowsheet.nodes.map(({ id }) => id);
  return {
    by: "balance",
    inputs,
    unit,
    over: "again",
    reconcile(figures) {
      const measure: Measure = (id, wanted) => figures[inputName(id, wanted)] ?? unknown("MISSING");
      const result = reconcileFlowsheet(nodes, streamsOf(flowsheet, measure));
      if (typeof result === "string") return unknown(result);
      const found = result.streams.find((one) => one.stream === stream && one.of === of);
      if (found === undefined || found.value === null || found.u === null) return unknown("MISSING");
      return { value: quantity(found.value, unit), u: found.u, status: statusOf(figures), parts: {} };
    },
  };
}
