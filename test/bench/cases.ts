/** One thing to measure: so many devices of 500 tags, polled so often, published so. */
export interface BenchCase {
  readonly name: string;
  readonly devices: number;
  readonly periodMs: number;
  readonly output: OutputKind;
  /** One window is measured for each entry, with so many devices silent: they accept requests and never answer. */
  readonly silent: readonly number[];
}

/** MQTT with one message per tag and QoS 0 or 1, a Sparkplug B edge node, or InfluxDB line protocol over HTTP. */
export type OutputKind = "mqtt0" | "mqtt1" | "sparkplug" | "http";

const loads = [10, 50].flatMap((devices) =>
  [1000, 100].flatMap((periodMs) =>
    (["mqtt0", "mqtt1", "sparkplug", "http"] as const).map((output): BenchCase => {
      const name = `${devices}x${periodMs === 1000 ? "1s" : "100ms"}-${output}`;
      return { name, devices, periodMs, output, silent: [0] };
    }),
  ),
);

export const benchCases: readonly BenchCase[] = [
  ...loads,
  { name: "50x1s-mqtt0-silent", devices: 50, periodMs: 1000, output: "mqtt0", silent: [0, 1, 10] },
];

/** How long things take, ms. */
export interface Pace {
  /** From the first reading at the sink to the window. */
  readonly warmUpMs: number;
  readonly windowMs: number;
  /** Windows of cases with silent devices: long enough for time-outs to add up. */
  readonly silentWindowMs: number;
  /** After the window, for readings still under way: as often as it brings any. */
  readonly graceMs: number;
  /** Longest wait for the sink to have caught up with the start of the subject. */
  readonly settleMs: number;
  /** Longest wait for the first reading. */
  readonly patienceMs: number;
}

export const fullPace: Pace = {
  warmUpMs: 2000,
  windowMs: 5000,
  silentWindowMs: 8000,
  graceMs: 700,
  settleMs: 15_000,
  patienceMs: 20_000,
};

export const quickPace: Pace = {
  warmUpMs: 1000,
  windowMs: 2000,
  silentWindowMs: 4000,
  graceMs: 500,
  settleMs: 5_000,
  patienceMs: 20_000,
};

/** Cases whose name contains one of the words; all without words. */
export function selectCases(words: readonly string[]): readonly BenchCase[] {
  if (words.length === 0) return benchCases;
  return benchCases.filter(({ name }) => words.some((word) => name.includes(word)));
}
