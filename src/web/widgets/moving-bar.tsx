import type { LimitAnswer, Value } from "../api.ts";
import { positionInRange } from "../format.ts";
import { cellOf } from "../store.ts";

interface MovingBarProps {
  readonly value: Value;
  readonly range: readonly [low: number, high: number];
  readonly band: readonly [number, number] | null;
  readonly limits: readonly LimitAnswer[];
}

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(1)}%`;
}

function setpointOf(limits: readonly LimitAnswer[]): number | null {
  const setpoint = limits.find((one) => one.setpoint !== null)?.setpoint ?? null;
  if (typeof setpoint !== "string") return setpoint;
  const value = cellOf(setpoint)?.reading.value.v;
  return typeof value === "number" ? value : null;
}

/** Where a value stands in its range: normal band, alarm limits, setpoint, and a pin that moves. Hidden from readers,
 *  because the number beside it says the same. */
export function MovingBar({ value, range, band, limits }: MovingBarProps) {
  const at = (one: number): number => positionInRange(one, range) ?? 0;
  const pin = positionInRange(value, range);
  const setpoint = setpointOf(limits);
  const marks = limits.flatMap(({ alarm, low, high, priority }) =>
    [low, high].flatMap((limit) => (limit === null ? [] : [{ alarm, limit, priority }])),
  );
  return (
    <span class="moving-bar" aria-hidden="true">
      {band !== null && (
        <span
          class="moving-band"
          style={{ left: percent(at(band[0])), width: percent(Math.max(0, at(band[1]) - at(band[0]))) }}
        />
      )}
      {marks.map(({ alarm, limit, priority }) => (
        <span
          key={`${alarm} ${limit}`}
          class={`moving-limit weight-${priority}`}
          style={{ left: percent(at(limit)) }}
        />
      ))}
      {setpoint !== null && <span class="moving-setpoint" style={{ left: percent(at(setpoint)) }} />}
      {pin !== null && <span class="moving-pin" style={{ left: percent(pin) }} />}
    </span>
  );
}
