import { isBad, Status } from "../../domain/status.ts";
import type { StatusCode } from "../../domain/status.ts";
import type { EpochMs } from "../../domain/time.ts";
import { metricValue } from "./metric.ts";
import type { MetricDefinition, MetricValue } from "./metric.ts";
import type { BornMetric } from "./payload.ts";

/** What the host knows, or will know after the next birth, of every tag. */
export class TagImage {
  readonly #metrics: readonly MetricDefinition[];
  readonly #values: MetricValue[];
  readonly #statuses: Uint32Array;
  readonly #times: Float64Array;

  constructor(metrics: readonly MetricDefinition[]) {
    this.#metrics = metrics;
    this.#values = metrics.map(() => null);
    this.#statuses = new Uint32Array(metrics.length).fill(Status.BadWaitingForInitialData);
    this.#times = new Float64Array(metrics.length);
  }

  metric(tag: number): MetricDefinition {
    return this.#metrics[tag] as MetricDefinition;
  }

  status(tag: number): StatusCode {
    return this.#statuses[tag] as StatusCode;
  }

  /** Of the newest value; 0 for none. What is older can only be history. */
  time(tag: number): EpochMs {
    return this.#times[tag] as EpochMs;
  }

  /** The value as Sparkplug can carry it; null for a bad one. */
  valueOf(tag: number, number: number, exact: bigint | string | undefined, status: StatusCode): MetricValue {
    return isBad(status) ? null : metricValue(this.metric(tag).type, number, exact);
  }

  note(tag: number, value: MetricValue, status: StatusCode, time: EpochMs): void {
    this.#values[tag] = value;
    this.#statuses[tag] = status;
    this.#times[tag] = time;
  }

  /** The metric for a birth at `now`, which is also the time of a value that was never read. */
  born(tag: number, now: EpochMs): BornMetric {
    const time = this.time(tag);
    return {
      definition: this.metric(tag),
      value: this.#values[tag] as MetricValue,
      status: this.status(tag),
      time: time === 0 ? now : time,
    };
  }
}
