import type { Gap } from "../../domain/ports.ts";
import { Status } from "../../domain/status.ts";
import type { EpochMs } from "../../domain/time.ts";
import { REBIRTH } from "./command.ts";
import { SparkplugType } from "./fields.ts";
import type { MetricDefinition } from "./metric.ts";
import type { BornMetric } from "./payload.ts";

const nodeMetric = (name: string, type: SparkplugType, alias: number | null): MetricDefinition => ({
  name,
  alias,
  type,
  unit: null,
  range: null,
  title: null,
});

const BD_SEQ = nodeMetric("bdSeq", SparkplugType.Int64, 1);
const REBIRTH_CONTROL = nodeMetric(REBIRTH, SparkplugType.Boolean, null);

/** Devices that have been born and not died. */
export const DEVICES_ONLINE = nodeMetric("Node Info/Devices Online", SparkplugType.Int32, 2);

/** Readings that were lost since the start, and when and why that happened last. */
const READINGS_LOST = nodeMetric("Node Info/Readings Lost", SparkplugType.Int64, 3);
const GAP_FROM = nodeMetric("Node Info/Last Gap/From", SparkplugType.DateTime, 4);
const GAP_TO = nodeMetric("Node Info/Last Gap/To", SparkplugType.DateTime, 5);
const GAP_REASON = nodeMetric("Node Info/Last Gap/Reason", SparkplugType.String, 6);

/** What was lost up to now; `last` is null for nothing. */
export interface Losses {
  readonly readings: number;
  readonly last: Gap | null;
}

/** What an edge node says of itself in its NBIRTH. */
export function nodeMetrics(
  bdSeq: number,
  devicesOnline: number,
  losses: Losses,
  now: EpochMs,
): readonly BornMetric[] {
  const good = { status: Status.Good, time: now };
  return [
    { definition: BD_SEQ, value: bdSeq, ...good },
    { definition: REBIRTH_CONTROL, value: false, ...good },
    { definition: DEVICES_ONLINE, value: devicesOnline, ...good },
    ...lossMetrics(losses, now),
  ];
}

export function lossMetrics({ readings, last }: Losses, now: EpochMs): readonly BornMetric[] {
  const good = { status: Status.Good, time: now };
  return [
    { definition: READINGS_LOST, value: readings, ...good },
    { definition: GAP_FROM, value: last === null ? null : Math.round(last.from), ...good },
    { definition: GAP_TO, value: last === null ? null : Math.round(last.to), ...good },
    { definition: GAP_REASON, value: last === null ? null : last.reason, ...good },
  ];
}
