import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The parts of V8's CPU profile that tell where the time went. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

export interface SelfTime {
  readonly place: string;
  readonly ms: number;
  /** Of the time that was not idle, 0…1. */
  readonly share: number;
}

/** Functions by the time spent in themselves between two times since the start of the profile, longest first; V8's own work is in
 *  parentheses. */
export function selfTimes(profile: CpuProfile, fromMs = 0, toMs = Infinity): SelfTime[] {
  const places = new Map(profile.nodes.map((node) => [node.id, placeOf(node.callFrame)]));
  const totals = new Map<string, number>();
  let atMs = 0;
  for (const [index, id] of profile.samples.entries()) {
    const ms = (profile.timeDeltas[index] ?? 0) / 1000;
    atMs += ms;
    const place = places.get(id) ?? "(unknown)";
    if (atMs < fromMs || atMs >= toMs || place.startsWith("(idle)")) continue;
    totals.set(place, (totals.get(place) ?? 0) + ms);
  }
  const busyMs = [...totals.values()].reduce((sum, ms) => sum + ms, 0);
  return [...totals].map(([place, ms]) => ({ place, ms, share: ms / busyMs })).sort((a, b) => b.ms - a.ms);
}

function placeOf({ functionName, url, lineNumber }: CpuProfile["nodes"][number]["callFrame"]): string {
  const name = functionName === "" ? "(anonymous)" : functionName;
  if (url === "") return name;
  const file = url.startsWith("file:") ? path.relative(process.cwd(), fileURLToPath(url)) : url;
  return `${name} ${file}:${lineNumber + 1}`;
}

const PLACES_SHOWN = 30;

/** For every profile in the folder the ranking of its steady state, which are its last `steadyMs`, and of the time before. */
export function formatProfiles(folder: string, steadyMs: number): string {
  const files = readdirSync(folder).filter((file) => file.endsWith(".cpuprofile"));
  return files
    .map((file) => {
      const profile = JSON.parse(readFileSync(path.join(folder, file), "utf8")) as CpuProfile;
      const lengthMs = profile.timeDeltas.reduce((sum, delta) => sum + delta, 0) / 1000;
      const steadyFromMs = lengthMs - steadyMs;
      return [
        `${file}: the last ${steadyMs} ms`,
        ...ranking(selfTimes(profile, steadyFromMs)),
        `${file}: the time before`,
        ...ranking(selfTimes(profile, 0, steadyFromMs)),
      ].join("\n");
    })
    .join("\n\n");
}

function ranking(times: readonly SelfTime[]): string[] {
  return times.slice(0, PLACES_SHOWN).map(({ place, ms, share }) => {
    const percent = (share * 100).toFixed(1).padStart(5);
    return `${percent} %  ${ms.toFixed(0).padStart(6)} ms  ${place}`;
  });
}
