import type { Figure, Known, Refusal } from "../domain/figure.ts";
import { SUBSTANCES, unitOf } from "../domain/substance.ts";
import type { Substance } from "../domain/substance.ts";
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
  /** What there is of a substance that is not in the list is none of it. */
  readonly carries: readonly Substance[];
  /** Dry tonnes; null for what nothing measures. An unknown figure is not measured. */
  readonly solids: Figure<"t"> | null;
  readonly water: Figure<"m3"> | null;
  /** Grade in g/t, or g of gold where it carries no solids. */
  readonly gold: Figure<"g/t"> | Figure<"g"> | null;
}

/** One measured or wanted number of a stream. The raw one stays beside the reconciled one. */
export interface StreamFigure {
  readonly stream: string;
  readonly of: Substance;
  readonly unit: ReturnType<typeof unitOf>;
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

/** Reconciles solids, water and gold of a flowsheet at once; water and gold take part where any of them is measured. A stream
 *  that goes back to an earlier node is one like all others. Values are those without the suspects when that resolves the
 *  balance. OUT_OF_DOMAIN or NOT_CONVERGED as the reconciliation says, TOO_FEW without a node that anything flows through. */
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
    unit: unitOf(of, stream.carries),
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
  const all = SUBSTANCES.map((of) =>
    streams
      .filter(({ carries }) => carries.includes(of))
      .map((stream): Variable => ({ stream, of, measured: knownOf(stream[of]) })),
  );
  // Solids carry the gold, whether they are measured or not.
  return all.filter((some, i) => i === 0 || some.some(({ measured }) => measured !== null)).flat();
}

interface NodeBalance {
  readonly node: string;
  readonly of: Substance;
  readonly constraint: BilinearConstraint;
}

/** What enters a node less what leaves it, of each substance. */
function balancesOf(
  node: string,
  streams: readonly FlowsheetStream[],
  variables: readonly Variable[],
): readonly NodeBalance[] {
  const at = (stream: FlowsheetStream, of: Substance): number =>
    variables.findIndex((variable) => variable.stream === stream && variable.of === of);
  const touching = streams.filter(({ from, to }) => (from === node) !== (to === node));
  return SUBSTANCES.map((of) => {
    const terms = touching
      .filter((stream) => at(stream, of) >= 0)
      .map((stream): Term => {
        const isGrade = of === "gold" && stream.carries.includes("solids");
        const factors = isGrade
          ? ([at(stream, "solids"), at(stream, of)] as const)
          : ([at(stream, of)] as const);
        return { coefficient: stream.to === node ? 1 : -1, factors };
      });
    return { node, of, constraint: { terms } };
  }).filter(({ constraint }) => constraint.terms.length > 0);
}

/** For what is not measured, the mean of what is measured of its kind: near enough to start from. */
function startOf(variables: readonly Variable[]): readonly number[] {
  return variables.map(({ stream, of, measured }) => {
    if (measured !== null) return measured.value;
    const kin = variables.flatMap((other) =>
      other.of === of &&
      unitOf(of, other.stream.carries) === unitOf(of, stream.carries) &&
      other.measured !== null
        ? [other.measured.value as number]
        : [],
    );
    return kin.length === 0 ? 1 : kin.reduce((sum, value) => sum + value, 0) / kin.length;
  });
}
