import type { InputConfig, Metallurgy } from "../../../src/config/metallurgy.ts";
import { normal, randomFor } from "../../../src/domain/random.ts";
import type { BoundMetric } from "../../../src/gateway/metrics/binding.ts";
import { sourcesOfMetric } from "../../../src/gateway/metrics/binding.ts";
import { SIGNAL, SIGNALS } from "../../../simulators/plant/signal-list.ts";
import type { SignalId } from "../../../simulators/plant/signal-list.ts";
import { TOTALS } from "../../../simulators/plant/signals.ts";
import type { PlantModel } from "../../../simulators/plant/model.ts";

/** One standard normal number of a plant for each thing that has an error. */
export type Draw = (name: string) => number;

export function drawsOf(seed: number): Draw {
  return (name) => normal(randomFor(`error of ${name}`, seed));
}

/** Constants of the plant file off by what their owners say that they may be off. The same name is the same constant. */
export function offConstants(metallurgy: Metallurgy, draw: Draw): Metallurgy {
  const off = (name: string, input: InputConfig): InputConfig =>
    input.constant === null || input.constantU === 0
      ? input
      : { ...input, constant: input.constant + input.constantU * draw(name) };
  const metrics = metallurgy.metrics.map((metric) => ({
    ...metric,
    inputs: Object.fromEntries(
      Object.entries(metric.inputs).map(([name, input]) => [name, off(name, input)]),
    ),
  }));
  return { ...metallurgy, metrics };
}

/** Gives every instrument that the figures read an error of its own, as large as the plant file says. A total counts what its
 *  rate shows, and needs none. */
export function biasInstruments(model: PlantModel, metrics: readonly BoundMetric[], draw: Draw): void {
  const counted = new Map(TOTALS.map(([rate, total]) => [SIGNALS[total], SIGNALS[rate]]));
  const done = new Set<string>();
  for (const source of metrics.flatMap(sourcesOfMetric)) {
    if (source.from !== "tag") continue;
    const id = counted.get(source.id as SignalId) ?? source.id;
    const { relative, absolute } = source.error.systematic;
    if (done.has(id) || !Object.hasOwn(SIGNAL, id) || relative + absolute === 0) continue;
    done.add(id);
    // The larger of the two counts; what the plant file has is one or the other.
    const fault = relative > 0 ? { gain: 1 + relative * draw(id) } : { bias: absolute * draw(id) };
    model.strike(id as SignalId, fault);
  }
}
