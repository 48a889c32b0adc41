import type { StreamConfig } from "../../src/config/metallurgy.ts";
import type { EpochMs } from "../../src/domain/time.ts";
import { from, sampleOf, startGoldGateway } from "./gold-gateway.ts";
import type { GoldPlant } from "./gold-gateway.ts";
import type { LaboratoryGateway } from "./laboratory.ts";
import { constantOf } from "./records.ts";

const stream = (
  id: string,
  ends: readonly [string | null, string | null],
  solids: string | null,
  gold: string | null,
): StreamConfig => {
  const [source, sink] = ends;
  const carries = solids === null ? (["gold"] as const) : (["solids", "gold"] as const);
  return { id, title: `Stream ${id}`, from: source, to: sink, carries, solids, water: null, gold };
};

/** A stream of water alone. */
const water = (
  id: string,
  ends: readonly [string | null, string | null],
  measure: string | null,
): StreamConfig => ({ ...stream(id, ends, null, null), carries: ["water"], water: measure });

const cubicMetres = (id: string, value: number, constantU: number) => ({
  id,
  kind: "M-50a",
  // One meter for each: errors of inputs of one name are one error.
  inputs: { [`${id}-meter`]: { ...constantOf(value), constantU } },
});

const tonnesOf = (id: string, belt: string) => ({
  id,
  kind: "M-04",
  inputs: { wet: from(belt), moisture: constantOf(0) },
});

/** The plant of the worked balance: grinding with gravity, and leaching, whose water comes back from the dam. */
const PLANT: GoldPlant = {
  belts: [
    { tag: "WIT-F", tonnes: 101.9, u: 1.02 },
    { tag: "WIT-K", tonnes: 0.241, u: 0.012 },
    { tag: "WIT-L", tonnes: 99.6, u: 2 },
    { tag: "WIT-T", tonnes: 101.2, u: 2 },
  ],
  points: { "AY-F": 0.49, "AY-K": 94, "AY-L": 0.23, "AY-T": 0.027 },
  metrics: [
    tonnesOf("feed", "WIT-F"),
    tonnesOf("concentrate", "WIT-K"),
    tonnesOf("overflow", "WIT-L"),
    tonnesOf("tails", "WIT-T"),
    { id: "carbon", kind: "M-43", inputs: { counted: from("entry:stocktake:carbon") } },
    { id: "solution", kind: "M-43", inputs: { lost: { ...constantOf(1.25), constantU: 0.19 } } },
    cubicMetres("mill-water", 164, 2),
    cubicMetres("tailings-water", 166, 1),
    cubicMetres("reclaimed", 120, 1),
  ],
  flowsheet: {
    nodes: [
      { id: "N0", title: "Process water", area: "utilities" },
      { id: "N1", title: "Grinding", area: "grinding" },
      { id: "N2", title: "Leaching", area: "leach" },
      { id: "N4", title: "Dam", area: "tailings" },
    ],
    streams: [
      stream("F", [null, "N1"], "feed", "AY-F"),
      stream("K", ["N1", null], "concentrate", "AY-K"),
      stream("L", ["N1", "N2"], "overflow", "AY-L"),
      stream("T", ["N2", null], "tails", "AY-T"),
      stream("C", ["N2", null], null, "carbon"),
      stream("S", ["N2", null], null, "solution"),
      water("M", ["N0", "N1"], "mill-water"),
      water("W", ["N1", "N4"], "tailings-water"),
      water("O", ["N4", "N0"], "reclaimed"),
      water("H", [null, "N0"], null),
      water("B", ["N4", null], null),
    ],
  },
};

/** The gateway of the worked balance with its shift in the history, what was counted and what was assayed. */
export async function startWorkedBalance(now: () => EpochMs, webDir?: string): Promise<LaboratoryGateway> {
  const lab = await startGoldGateway(PLANT, now, webDir);
  const counted = { ref: "C-1", at: "2026-11-22 18:00", component: "carbon", goldG: 702, uG: 14 };
  await taken(lab, "/api/v1/stocktakes", [counted]);
  await taken(lab, "/api/v1/assays", [
    sampleOf("AY-F", 12.35),
    sampleOf("AY-K", 1880),
    sampleOf("AY-L", 7.61),
    sampleOf("AY-T", 0.535),
  ]);
  return lab;
}

async function taken(lab: LaboratoryGateway, path: string, records: readonly object[]): Promise<void> {
  const { body } = await lab.post(path, records);
  if (body.added !== records.length) throw new Error(`${path}: ${JSON.stringify(body)}`);
}
