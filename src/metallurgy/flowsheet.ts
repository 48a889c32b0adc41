import type { Figure, Known, Refusal } from "../domain/figure.ts";
import { reconcileBilinear } from "./bilinear.ts";
import type { BilinearConstraint, Term } from "./bilinear.ts";
import { globalTest, measurementTest, screen } from "./gross-errors.ts";
import type { GlobalTest } from "./gross-errors.ts";
import type { Reconciled, StreamClass } from "./reconciliation.ts";
import { covarianceOf } from "./uncertainty.ts";

/** A stream of a flowsheet over one period. A change of stock is a stream from its node to nowhere. */
export interface FlowsheetStream {
  readonly id: string;
  /** Nodes; null is outside. */
  readonly from: string | null;
  readonly to: string | null;
  /** Dry tonnes; null for what nothing measures and for a stream of gold alone. An unknown figure is not measured. */
  readonly solids: Figure<"t"> | null;
  /** Grade in g/t, or g of gold where it carries gold alone. */
  readonly gold: Figure<"g/t"> | Figure<"g"> | null;
  readonly isGoldOnly: boolean;
}

/** What is balanced. */
export type Substance = "solids" | "gold";

/** One measured or wanted number of a stream. The raw one stays beside the reconciled one. */
export interface StreamFigure {
  readonly stream: string;
  /** Tonnes for `solids`; for `gold` the grade, or the gold of a stream of gold alone. */
  readonly of: Substance;
  readonly unit: "t" | "g/t" | "g";
  readonly raw: { readonly value: number; readonly u: number } | null;
  readonly value: number | null;
  readonly u: number | null;
  readonly kind: StreamClass;
  /** Adjustment in units of its uncertainty; null where it cannot be tested. */
  readonly z: number | null;
}

/** The balance of one substance around one node. */
export interface NodeFigure {
  readonly node: string;
  readonly of: Substance;
  /** Misclosure of the raw numbers in units of its uncertainty; null where something is not measured. */
  readonly z: number | null;
}

/** A measurement that a person should look at. */
export interface SuspectFigure {
  readonly stream: string;
  readonly of: Substance;
  readonly z: number;
  /** Others whose error would look the same. */
  readonly alternatives: readonly { readonly stream: string; readonly of: Substance }[];
}

export interface FlowsheetBalance {
  readonly streams: readonly StreamFigure[];
  readonly nodes: readonly NodeFigure[];
  /** Of all measurements as they are. */
  readonly test: GlobalTest;
  readonly criticalZ: number;
  readonly suspects: readonly SuspectFigure[];
  /** Whether the balance holds, if need be without the suspects. */
  readonly isResolved: boolean;
}

/** A number of the balance: which stream's, and what was measured of it. */
interface Variable {
  readonly stream: FlowsheetStream;
  readonly of: Substance;
  readonly measured: Known | null;
}

/** Reconciles solids and gold of a flowsheet at once; without any measured gold, solids alone. Values are those without the
 *  suspects when that resolves the balance. OUT_OF_DOMAIN or NOT_CONVERGED as the reconciliation says, TOO_FEW without a
 *  node that anything flows through. */
export function reconcileFlowsheet(
  nodes: readonly string[],
  streams: readonly FlowsheetStream[],
): FlowsheetBalance | Refusal {
  const variables = variablesOf(streams);
  const balances = nodes.flatMap((node) => balancesOf(node, streams, variables));
  if (balances.length === 0) return "TOO_FEW";
  const known = variables.map(({ measured }) => measured);
  const variance = covarianceOf(known);
  const start = startOf(variables);
  const screening = screen((without) =>
    reconcileBilinear({
      constraints: balances.map(({ constraint }) => constraint),
      measured: known.map((figure, j) => (figure === null || without.has(j) ? null : figure.value)),
      variance,
      start,
    }),
  );
  if (typeof screening === "string") return screening;
  const { all, solution, suspects, isResolved } = screening;
  const named = (j: number): { stream: string; of: Substance } => {
    const { stream, of } = variables[j] as Variable;
    return { stream: stream.id, of };
  };
  return {
    streams: variables.map((variable, j) => figureOf(variable, j, all, solution)),
    nodes: balances.map(({ node, of }, row) => ({ node, of, z: all.nodeZ[row] ?? null })),
    test: globalTest(all),
    criticalZ: measurementTest(all).criticalZ,
    suspects: suspects.map((suspect) => {
      const { stream, of } = named(suspect.stream);
      return { stream, of, z: suspect.z, alternatives: suspect.alternatives.map(named) };
    }),
    isResolved,
  };
}

function figureOf(
  { stream, of, measured }: Variable,
  j: number,
  all: Reconciled,
  solution: Reconciled,
): StreamFigure {
  return {
    stream: stream.id,
    of,
    unit: of === "solids" ? "t" : stream.isGoldOnly ? "g" : "g/t",
    raw: measured === null ? null : { value: measured.value, u: measured.u },
    value: solution.values[j] ?? null,
    u: solution.u[j] ?? null,
    kind: all.classes[j] ?? "unobservable",
    z: all.measurementZ[j] ?? null,
  };
}

function knownOf(figure: Figure | null): Known | null {
  return figure === null || figure.value === null ? null : figure;
}

function variablesOf(streams: readonly FlowsheetStream[]): readonly Variable[] {
  const solids = streams
    .filter(({ isGoldOnly }) => !isGoldOnly)
    .map((stream): Variable => ({ stream, of: "solids", measured: knownOf(stream.solids) }));
  const gold = streams.map((stream): Variable => ({ stream, of: "gold", measured: knownOf(stream.gold) }));
  return gold.some(({ measured }) => measured !== null) ? [...solids, ...gold] : solids;
}

interface NodeBalance {
  readonly node: string;
  readonly of: Substance;
  readonly constraint: BilinearConstraint;
}

/** What enters a node less what leaves it, for solids and for gold. */
function balancesOf(
  node: string,
  streams: readonly FlowsheetStream[],
  variables: readonly Variable[],
): readonly NodeBalance[] {
  const at = (stream: FlowsheetStream, of: Substance): number =>
    variables.findIndex((variable) => variable.stream === stream && variable.of === of);
  const touching = streams.filter(({ from, to }) => (from === node) !== (to === node));
  const sign = ({ to }: FlowsheetStream): number => (to === node ? 1 : -1);
  const solids = touching
    .filter(({ isGoldOnly }) => !isGoldOnly)
    .map((stream): Term => ({ coefficient: sign(stream), factors: [at(stream, "solids")] }));
  const gold = touching
    .filter((stream) => at(stream, "gold") >= 0)
    .map((stream): Term => {
      const amount = at(stream, "gold");
      const factors = stream.isGoldOnly ? ([amount] as const) : ([at(stream, "solids"), amount] as const);
      return { coefficient: sign(stream), factors };
    });
  return [
    { node, of: "solids" as const, constraint: { terms: solids } },
    { node, of: "gold" as const, constraint: { terms: gold } },
  ].filter(({ constraint }) => constraint.terms.length > 0);
}

/** For what is not measured, the mean of what is measured of its kind: near enough to start from. */
function startOf(variables: readonly Variable[]): readonly number[] {
  return variables.map(({ stream, of, measured }) => {
    if (measured !== null) return measured.value;
    const kin = variables.flatMap((other) =>
      other.of === of && other.stream.isGoldOnly === stream.isGoldOnly && other.measured !== null
        ? [other.measured.value as number]
        : [],
    );
    return kin.length === 0 ? 1 : kin.reduce((sum, value) => sum + value, 0) / kin.length;
  });
}
