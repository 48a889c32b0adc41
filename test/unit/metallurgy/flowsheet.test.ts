import { describe, expect, test } from "vitest";
import { exactly, measured, unknown } from "../../../src/domain/figure.ts";
import type { Substance } from "../../../src/domain/substance.ts";
import { reconcileFlowsheet } from "../../../src/metallurgy/flowsheet.ts";
import type { FlowsheetBalance, FlowsheetStream } from "../../../src/metallurgy/flowsheet.ts";
import { covarianceOf } from "../../../src/metallurgy/uncertainty.ts";
import { expectAllNear, expectNear } from "../../support/near.ts";

const NODES = ["grinding", "leach"];

const ore = (
  id: string,
  from: string | null,
  to: string | null,
  tonnes: readonly [number, number] | null,
  grade: readonly [number, number] | null,
): FlowsheetStream => ({
  id,
  from,
  to,
  solids: tonnes === null ? null : measured(tonnes[0], "t", tonnes[1]),
  water: null,
  gold: grade === null ? null : measured(grade[0], "g/t", grade[1]),
  carries: ["solids", "gold"],
});

const gold = (id: string, amount: readonly [number, number]): FlowsheetStream => ({
  id,
  from: "leach",
  to: null,
  solids: null,
  water: null,
  gold: measured(amount[0], "g", amount[1]),
  carries: ["gold"],
});

/** A day of the plant; `leachFeed` is the assay of what goes to the leach. */
const plant = (leachFeed: number): readonly FlowsheetStream[] => [
  ore("feed", null, "grinding", [101.9, 1.02], [12.35, 0.49]),
  ore("concentrate", "grinding", null, [0.241, 0.012], [1_880, 94]),
  ore("leach feed", "grinding", "leach", [99.6, 2], [leachFeed, 0.23]),
  ore("tails", "leach", null, [101.2, 2], [0.535, 0.027]),
  gold("carbon", [702, 14]),
  gold("solution", [1.25, 0.19]),
];

function balanced(streams: readonly FlowsheetStream[], nodes = NODES): FlowsheetBalance {
  const result = reconcileFlowsheet(nodes, streams);
  if (typeof result === "string") throw new Error(result);
  return result;
}

function valuesOf({ streams }: FlowsheetBalance, of: Substance): unknown[] {
  return streams.filter((figure) => figure.of === of).map(({ value }) => value);
}

describe("the plant's flowsheet", () => {
  test("gives the balances of solids and gold that were worked by hand", () => {
    const balance = balanced(plant(7.61));
    expectAllNear(valuesOf(balance, "solids"), [101.326, 0.24388, 101.082, 101.082], 2e-4);
    expectAllNear(valuesOf(balance, "gold"), [12.0997, 1902.17, 7.5395, 0.53673, 706.601, 1.25085], 2e-4);
    expect(balance).toMatchObject({
      isResolved: true,
      suspects: [],
      test: { freedom: 4, isRejected: false },
    });
    expectNear(balance.test.statistic, 1.4498, 2e-4);
    expect(balance.nodes.map(({ node, of }) => `${node} ${of}`)).toEqual([
      "grinding solids",
      "grinding gold",
      "leach solids",
      "leach gold",
    ]);
    expect(balance.streams[0]).toMatchObject({
      stream: "feed",
      of: "solids",
      raw: { value: 101.9, u: 1.02 },
      kind: "redundant",
    });
  });

  test("names a wrong assay, gives its value from the rest, and keeps the raw one", () => {
    const balance = balanced(plant(9.1));
    expect(balance.suspects).toHaveLength(1);
    expect(balance.suspects[0]).toMatchObject({ stream: "leach feed", of: "gold", alternatives: [] });
    expectNear(balance.suspects[0]?.z, 5.81357, 2e-4);
    expect(balance.isResolved).toBe(true);
    expect(balance.test.isRejected).toBe(true);
    const leachFeed = balance.streams.find(({ stream, of }) => stream === "leach feed" && of === "gold");
    expect(leachFeed?.raw?.value).toBe(9.1);
    expect(Math.abs(leachFeed!.value! - 7.54)).toBeLessThan(0.2);
  });

  test("gives what nothing measures where the balance can, and null where it cannot", () => {
    const leachUnseen: FlowsheetStream = {
      ...ore("leach feed", "grinding", "leach", null, null),
      solids: unknown("MISSING"),
    };
    const streams = plant(7.61).map((stream) => (stream.id === "leach feed" ? leachUnseen : stream));
    const seen = balanced(streams);
    const leachFeed = seen.streams.filter(({ stream }) => stream === "leach feed");
    expect(leachFeed.map(({ kind }) => kind)).toEqual(["observable", "observable"]);
    expectNear(leachFeed[1]?.value, 7.54, 0.02);

    const blind = balanced([...streams, ore("spill", "leach", null, null, null)]);
    expect(blind.streams.find(({ stream }) => stream === "spill")?.kind).toBe("observable");
    const two = balanced([
      ...streams,
      ore("spill", "leach", null, null, null),
      ore("seepage", "leach", null, null, null),
    ]);
    for (const figure of two.streams.filter(({ stream }) => stream === "spill" || stream === "seepage"))
      expect(figure).toMatchObject({ value: null, u: null, kind: "unobservable", z: null });
  });

  test("without any assay balances the solids alone", () => {
    const streams = [
      ore("feed", null, "grinding", [101.9, 1.02], null),
      ore("concentrate", "grinding", null, [0.241, 0.012], null),
      ore("leach feed", "grinding", "leach", [99.6, 2], null),
      ore("tails", "leach", null, [101.2, 2], null),
    ];
    const balance = balanced(streams);
    expect(balance.streams.every(({ of }) => of === "solids")).toBe(true);
    expect(balance.test.freedom).toBe(2);
  });

  test("a change of stock is what leaves a node and goes nowhere", () => {
    const streams = [
      ore("in", null, "bin", [100, 1], null),
      ore("out", "bin", null, [92, 1], null),
      ore("change of stock", "bin", null, [5, 1], null),
    ];
    expectAllNear(valuesOf(balanced(streams, ["bin"]), "solids"), [99, 93, 6], 1e-9);
  });

  // By hand: around both nodes together 100 − 9 − 90 = 1 is left over, shared alike by three that are alike sure; the residue
  // stays as it was weighed, and the concentrate is residue and product.
  test("closes over a ring as over a line: what goes back to the mill counts at both of its ends", () => {
    const ring = [
      ore("feed", null, "grinding", [100, 1], null),
      ore("concentrate", "grinding", "gold room", null, null),
      ore("residue", "gold room", "grinding", [30, 1], null),
      ore("product", "gold room", null, [9, 1], null),
      ore("leach feed", "grinding", null, [90, 1], null),
    ];
    const balance = balanced(ring, ["grinding", "gold room"]);
    expectAllNear(valuesOf(balance, "solids"), [100 - 1 / 3, 39 + 1 / 3, 30, 9 + 1 / 3, 90 + 1 / 3], 1e-9);
    expect(balance.streams.map(({ kind }) => kind)).toEqual([
      "redundant",
      "observable",
      // It leaves one node and enters the other: around both together it is not there.
      "nonredundant",
      "redundant",
      "redundant",
    ]);
  });

  test("balances water beside solids and gold, also where it flows alone", () => {
    const water = (
      id: string,
      from: string | null,
      to: string | null,
      m3: readonly [number, number] | null,
    ): FlowsheetStream => ({
      ...ore(id, from, to, null, null),
      water: m3 === null ? null : measured(m3[0], "m3", m3[1]),
      carries: ["water"],
    });
    const streams = [
      ...plant(7.61),
      water("to the mills", "tank", "grinding", [160, 2]),
      water("with the overflow", "grinding", "dam", [166, 1]),
      water("reclaimed", "dam", "tank", [120, 1]),
      water("fresh", null, "tank", null),
      water("stays", "dam", null, null),
    ];
    const balance = balanced(streams, ["tank", ...NODES, "dam"]);
    // 160 − 166 = −6 is shared 4 : 1.
    expectAllNear(valuesOf(balance, "water"), [164.8, 164.8, 120, 44.8, 44.8], 1e-9);
    expectAllNear(valuesOf(balance, "solids"), [101.326, 0.24388, 101.082, 101.082], 2e-4);
  });

  test("a change of stock that comes to nothing is found to be nothing", () => {
    const streams = [
      ore("in", null, "bin", [100, 1], null),
      ore("out", "bin", null, [100, 1], null),
      ore("change of stock", "bin", null, [0, 1], null),
    ];
    expectAllNear(valuesOf(balanced(streams, ["bin"]), "solids"), [100, 100, 0], 1e-9);
  });

  test("of two whose errors look the same, the one that is told best by the rest is done without", () => {
    const streams = [
      ore("river", null, "bin", [100, 1], null),
      ore("trickle", null, "bin", [1, 0.01], null),
      ore("out", "bin", null, [109, 0.5], null),
      ore("on", "bin", null, [0, 0.1], null),
    ];
    const { suspects } = balanced(
      [...streams, ore("twice", "bin", "next", [5, 0.1], null), ore("again", "next", null, [5, 0.1], null)],
      ["bin", "next"],
    );
    expect(suspects[0]).toMatchObject({ stream: "river", of: "solids" });
    expect(suspects[0]?.alternatives.map(({ stream }) => stream)).toEqual(["trickle", "out", "on"]);
  });

  test("has nothing to say of no node, and refuses exact streams that contradict each other", () => {
    expect(reconcileFlowsheet([], plant(7.61))).toBe("TOO_FEW");
    const exact = (id: string, from: string | null, to: string | null, tonnes: number): FlowsheetStream => ({
      ...ore(id, from, to, null, null),
      solids: exactly(tonnes, "t"),
    });
    const streams = [exact("in", null, "bin", 10), exact("out", "bin", null, 11)];
    expect(reconcileFlowsheet(["bin"], streams)).toBe("OUT_OF_DOMAIN");
  });

  test("errors that two streams share do not show as a misclosure between them", () => {
    const shared = (id: string, from: string | null, to: string | null, tonnes: number): FlowsheetStream => ({
      ...ore(id, from, to, null, null),
      solids: measured(tonnes, "t", 0.05 * tonnes, "one scale for both"),
    });
    const balance = balanced([shared("in", null, "bin", 100), shared("out", "bin", null, 100)], ["bin"]);
    expectAllNear(valuesOf(balance, "solids"), [100, 100], 1e-6);
    // Nothing is won by weighing twice on one scale.
    expectNear(balance.streams[0]?.u, 5, 1e-6);
  });
});

test("the covariance of figures is what their sources have in common", () => {
  const a = measured(100, "t", 3, "belt");
  const b = { ...measured(50, "t", 5, "belt"), u: Math.hypot(5, 12) };
  const matrix = covarianceOf([a, null, b]);
  expect(matrix.map((row) => row.map((value) => Math.round(value * 1e6) / 1e6))).toEqual([
    [9, 0, 15],
    [0, 0, 0],
    [15, 0, 169],
  ]);
});
