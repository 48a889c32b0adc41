import type { AssayPoint, InputConfig, MetricConfig } from "../../config/metallurgy.ts";
import { say } from "../../domain/said.ts";
import type { Said } from "../../domain/said.ts";
import type { Tag } from "../../domain/tag.ts";
import { compileExpression, isExpressionFault } from "../../metallurgy/expression.ts";
import { period, reading } from "./recipe.ts";
import type { Kind } from "./recipe.ts";
import { ENTRY_UNITS } from "./bind-source.ts";
import type { BoundMetric } from "./binding.ts";
import { totalOf } from "./totals.ts";

/** Where the units of inputs are looked up. */
export interface UnitSources {
  readonly tags: ReadonlyMap<string, Tag>;
  readonly points: ReadonlyMap<string, AssayPoint>;
  readonly metricOf: (id: string) => BoundMetric | null;
}

/** A formula of the plant's own as a kind, or what is wrong with it. With `instant` among its periods it
 *  is computed reading by reading, else on what its inputs come to over each period. */
export function expressionKind(config: MetricConfig, sources: UnitSources): Kind | Said {
  const units = Object.fromEntries(
    Object.entries(config.inputs).map(([name, input]) => [name, unitOf(input, sources)]),
  );
  const formula = compileExpression(config.expression ?? "", units, config.unit ?? undefined);
  if (isExpressionFault(formula)) return say("at-place", { place: formula.place, why: formula.told });
  const idle = Object.keys(config.inputs).filter((name) => !(name in formula.inputs));
  if (idle.length > 0) return say("inputs-idle", { inputs: idle.join(", ") });
  const recipe = config.periods.includes("instant") ? reading(formula) : period(formula);
  return { title: config.title, results: { "": recipe } };
}

/** An input of an expression comes in its own unit, as it is taken. */
function unitOf({ of: [id], take, unit }: InputConfig, sources: UnitSources): string {
  if (id === undefined) return unit ?? "1";
  const tag = sources.tags.get(id);
  return tag === undefined ? unitOfOther(id, sources) : unitOfTag(tag, take);
}

function unitOfOther(id: string, { points, metricOf }: UnitSources): string {
  if (id === "calendar") return "h";
  if (id.startsWith("entry:")) return ENTRY_UNITS[id.split(":")[1] ?? ""] ?? "1";
  return points.get(id)?.unit ?? metricOf(id)?.unit ?? "1";
}

function unitOfTag({ unit }: Tag, take: InputConfig["take"]): string {
  if (take === "hours") return "h";
  if (take === "count") return "1";
  if (take === "total") return totalOf(unit ?? "1")?.unit ?? "1";
  return unit ?? "1";
}
