import { ask } from "../../api.ts";
import type { AlarmAnswer } from "../../api.ts";
import type { Marker } from "../../widgets/chart/drawing.ts";
import type { Span } from "../../widgets/chart/pen.ts";

/** More would be a curtain before the curves. */
const MARKERS_MAX = 60;

interface EventAnswer {
  readonly alarm: string;
  readonly at: string;
  readonly cause: string;
}

let onOf: ReadonlyMap<string, string> | null = null;

/** Which tag each alarm is on. */
async function alarmTags(): Promise<ReadonlyMap<string, string>> {
  onOf ??= new Map((await ask<AlarmAnswer[]>("/api/v1/alarms")).map(({ alarm, on }) => [alarm, on]));
  return onOf;
}

/** When alarms of these tags called. Nothing while the gateway is away. */
export async function loadMarkers(tags: readonly string[], { from, to }: Span): Promise<readonly Marker[]> {
  const query = new URLSearchParams({
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
  });
  try {
    const [on, events] = await Promise.all([
      alarmTags(),
      ask<EventAnswer[]>(`/api/v1/alarms/history?${query.toString()}`),
    ]);
    return events
      .filter(({ alarm, cause }) => cause === "alarm" && tags.includes(on.get(alarm) ?? ""))
      .slice(0, MARKERS_MAX)
      .map(({ alarm, at }) => ({ time: Date.parse(at), text: alarm, kind: "alarm" }));
  } catch {
    return [];
  }
}
