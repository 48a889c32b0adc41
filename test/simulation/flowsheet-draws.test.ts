import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadPlant } from "../../src/config/load.ts";
import { measured } from "../../src/domain/figure.ts";
import type { Figure, Known } from "../../src/domain/figure.ts";
import { quantity } from "../../src/domain/quantity.ts";
import { normal, randomFor } from "../../src/domain/random.ts";
import type { Random } from "../../src/domain/random.ts";
import type { BoundInput } from "../../src/gateway/metrics/binding.ts";
import { compileMetrics } from "../../src/gateway/metrics/compile.ts";
import { errorsOf } from "../../src/gateway/metrics/figures.ts";
import type { Recipe } from "../../src/gateway/metrics/recipe.ts";
import { reconcileFlowsheet } from "../../src/metallurgy/flowsheet.ts";
import type { FlowsheetBalance, FlowsheetStream } from "../../src/metallurgy/flowsheet.ts";
import { createPlantModel } from "../../simulators/plant/model.ts";

const DRAWS = 2_000;
const SHIFT_H = 12;
const SHIFT_S = SHIFT_H * 3600;

const plant = loadPlant(join(import.meta.dirname, "../../devices/plants/puma.yaml"));
const metallurgy = plant.metallurgy!;
const { metrics } = compileMetrics(plant);

/** What is true of a shift of the steady plant. The concentrate is leached and its residue goes back at once. */
const model = createPlantModel({ hasBatches: false });
model.step(SHIFT_S);
const { totals } = model.truthBetween(0, SHIFT_S);
const { "mill-feed": feed, "cyclone-overflow": leach, "gravity-leached": concentrate, tails } = totals;
const dissolved = totals["tails-solution"].goldG;
const concentrateT = 0.01 * SHIFT_H;
const RESIDUE_G_PER_T = 57;
const reagentsM3 = (0.0313 + 0.04) * SHIFT_H;

/** Inputs of the streams' metrics as they truly are. */
const INPUTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "feed-tonnes": { wet: feed.solidsT + feed.waterT, moisture: feed.waterT / (feed.solidsT + feed.waterT) },
  concentrate: { flushes: SHIFT_H, perFlush: 0.01 },
  residue: { returned: 1 },
  "ore-water": {
    wet: feed.solidsT + feed.waterT,
    moisture: (100 * feed.waterT) / (feed.solidsT + feed.waterT),
  },
  "overflow.solids": pulp(feed.solidsT, leach.waterT),
  "overflow.liquor": pulp(feed.solidsT, leach.waterT),
  "tailings.solids": pulp(feed.solidsT, leach.waterT + reagentsM3),
  "tailings.liquor": pulp(feed.solidsT, leach.waterT + reagentsM3),
  "fresh-water": { counted: 1.91 * SHIFT_H },
  "mill-water": {
    mill: 1.65 * SHIFT_H,
    sump: leach.waterT - feed.waterT - (1.65 + 2.5) * SHIFT_H,
    concentrator: 2.5 * SHIFT_H,
  },
  "reagent-water": { cyanide: 0.0313 * SHIFT_H, smbs: 0.04 * SHIFT_H },
  reclaimed: { thickener: 3.42 * SHIFT_H, dam: 1.37 * SHIFT_H },
};
const GRADES: Readonly<Record<string, number>> = {
  "AY-901": feed.goldG / feed.solidsT,
  "AY-902": (feed.goldG - concentrate.goldG) / feed.solidsT,
  "AY-903": (tails.goldG - dissolved) / tails.solidsT,
  "AY-905": RESIDUE_G_PER_T + concentrate.goldG / concentrateT,
  "AY-906": RESIDUE_G_PER_T,
};
/** Gold that is told in g, with standard uncertainties as the plant's figures have them. */
const GOLD: Readonly<Record<string, Known>> = {
  "soluble-gold": measured(dissolved, "g", 0.28 * dissolved, "AY-904@shift"),
  "gold-poured": measured(0, "g", 0),
  "pulp-gold-change": measured(0, "g", 11.7, "pulp"),
};

function pulp(solidsT: number, waterT: number): Readonly<Record<string, number>> {
  const volume = solidsT / 2.65 + waterT;
  return { flow: volume / SHIFT_H, slurry: (solidsT + waterT) / volume, solids: 2.65, liquor: 1 };
}

/** An input with the error that the plant file declares. */
function inputAt({ name, unit, sources }: BoundInput, value: number): Known {
  const [source] = sources;
  if (source?.from === "metric") return metricAt(source.metric);
  if (source?.from === "constant") return measured(value, unit, source.u, name);
  if (source?.from === "tag")
    return measured(
      value,
      unit,
      errorsOf(source.error, value / source.factor).systematic * source.factor,
      source.id,
    );
  if (source?.from !== "assay") throw new Error(`${name} has no error`);
  return measured(
    value,
    unit,
    errorsOf(source.point.error, value / source.factor).random * source.factor,
    `${source.id}@shift`,
  );
}

/** A metric at the truth, with the parts of its uncertainty; a rate as its total over the shift. */
function metricAt(id: string): Known {
  const metric = metrics.find((one) => one.id === id)!;
  const { recipe } = metric;
  const figures = Object.fromEntries(
    metric.inputs.map((input) => [input.name, inputAt(input, INPUTS[id]?.[input.name] ?? NaN)]),
  );
  const figure = computed(recipe, figures, id);
  if (figure.value === null) throw new Error(`${id} has no value: ${figure.reason}`);
  return scaled(figure, recipe.by === "reading" ? SHIFT_H : 1);
}

function computed(recipe: Recipe, figures: Readonly<Record<string, Known>>, id: string): Figure {
  if (recipe.by === "several") return recipe.of(Object.values(figures));
  if (recipe.by === "reading" || recipe.by === "period") return recipe.formula(figures);
  throw new Error(id);
}

function scaled({ value, u, status, parts }: Known, factor: number): Known {
  const own = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part * factor]));
  return { value: quantity(value * factor, "t"), u: u * factor, status, parts: own };
}

function assayAt(id: string): Known {
  const point = metallurgy.assays.find((one) => one.id === id)!;
  const value = GRADES[id] ?? NaN;
  return measured(value, point.unit, errorsOf(point.error, value).random, `${id}@shift`);
}

function truthOf(id: string | null): Known | null {
  if (id === null) return null;
  return GOLD[id] ?? (GRADES[id] === undefined ? metricAt(id) : assayAt(id));
}

const streams = metallurgy.flowsheet.streams.map((stream) => ({
  ...stream,
  solids: truthOf(stream.solids),
  water: truthOf(stream.water),
  gold: truthOf(stream.gold),
}));

/** Measured once more: every source of error draws one number, and whatever shares it is off together. */
function drawn(random: Random): FlowsheetStream[] {
  const luck = new Map<string, number>();
  const draw = (figure: Known | null): Figure | null => {
    if (figure === null) return null;
    let { value } = figure as { value: number };
    for (const [source, part] of Object.entries(figure.parts)) {
      const z = luck.get(source) ?? normal(random);
      luck.set(source, z);
      value += part * z;
    }
    return { ...figure, value: quantity(value, "t") };
  };
  return streams.map(
    (stream) =>
      ({
        ...stream,
        solids: draw(stream.solids),
        water: draw(stream.water),
        gold: draw(stream.gold),
      }) as FlowsheetStream,
  );
}

const random = randomFor("flowsheet", 3);
const nodes = metallurgy.flowsheet.nodes.map(({ id }) => id);
const runs = Array.from({ length: DRAWS }, () => {
  const result = reconcileFlowsheet(nodes, drawn(random));
  if (typeof result === "string") throw new Error(result);
  return result;
});

function trueValue({ stream, of }: FlowsheetBalance["streams"][number]): number {
  const found = streams.find(({ id }) => id === stream)?.[of];
  return found?.value ?? NaN;
}

describe(`the flowsheet of the Puma plant, its shift measured ${DRAWS} times`, () => {
  test("is said not to close in 5 % of the cases, as the test admits", () => {
    const alarms = runs.filter(({ test: whole }) => whole.isRejected).length;
    expect(Math.abs(alarms / DRAWS - 0.05)).toBeLessThanOrEqual(0.015);
  });

  const redundant = runs[0]!.streams.flatMap(({ kind, raw }, j) =>
    kind === "redundant" && raw !== null ? [j] : [],
  );

  test("has the solids of all streams, the water to the dam and the gold around the mills measured more than once", () => {
    const names = redundant.map((j) => `${runs[0]!.streams[j]!.of} ${runs[0]!.streams[j]!.stream}`);
    expect(names.join(", ")).toBe(
      "solids F, solids K, solids R, solids L, solids T, water F, water L, water M, water A, water W, " +
        "gold F, gold K, gold R, gold L",
    );
  });

  // What the rest hardly bears on, such as a trickle into a river, is neither better nor worse for it.
  const surer = redundant.filter((j) => {
    const { raw, u } = runs[0]!.streams[j]!;
    return u! < 0.99 * raw!.u;
  });

  test("makes surer what is large beside what it is weighed against", () => {
    expect(redundant.length - surer.length).toBe(2);
  });

  test.each(surer.map((j) => [`${runs[0]!.streams[j]!.of} of ${runs[0]!.streams[j]!.stream}`, j] as const))(
    "%s is nearer the truth reconciled than raw",
    (_, j) => {
      const squares = { raw: 0, reconciled: 0 };
      for (const { streams: figures } of runs) {
        const figure = figures[j]!;
        squares.raw += (figure.raw!.value - trueValue(figure)) ** 2;
        squares.reconciled += (figure.value! - trueValue(figure)) ** 2;
      }
      expect(squares.reconciled).toBeLessThan(squares.raw);
    },
  );
});
