import type { AlarmImage } from "../../alarms/rule.ts";
import type { Conditioning } from "../../conditioning/conditioning.ts";
import type { MetricOutline } from "../../domain/metric.ts";
import type { FigureView } from "../../http/figure-view.ts";
import { Status } from "../../domain/status.ts";
import type { StatusCode } from "../../domain/status.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Journal } from "../../store/journal/journal.ts";
import type { ExtraSource } from "./alarm-draft.ts";

/** What the gateway knows of itself. */
export interface OwnHealth {
  /** Whether a device does not answer; null before it has been asked. */
  isOffline(device: string): boolean | null;
  isOutputAway(output: string): boolean;
  /** Connections and outputs that had to be made anew because nothing moved any more. */
  stalls(): number;
  isProtected(): boolean;
  /** The files of the plant have changed, and are not used. */
  isConfigurationRefused(): boolean;
  /** One of those that are watched ends within thirty days or has ended. */
  isCertificateEnding(certificate: string): boolean;
  damagedBlocks(): number;
  /** Readings dropped so far because there was no room. */
  droppedForRoom(): number;
}

export interface SignalsOptions {
  readonly tags: number;
  readonly extras: readonly ExtraSource[];
  readonly image: Pick<Conditioning, "valueOf" | "statusOf">;
  readonly figures: Pick<FigureView, "outlines" | "latest">;
  readonly assays: Pick<Journal["assays"], "list">;
  readonly health: OwnHealth;
}

/** Tags and everything else that alarms look at, as one image. */
export interface Signals extends AlarmImage {
  /** Notes the source time of a tag's reading; false when a later one is known already. */
  note(tag: number, time: EpochMs): boolean;
  /** Looks at everything that is no tag. Meant for once a second. */
  look(now: EpochMs): void;
}

interface Shown {
  readonly value: number;
  readonly status: StatusCode;
  readonly time: EpochMs;
}

const NOTHING: Shown = { value: NaN, status: Status.BadWaitingForInitialData, time: 0 };

/** A count that has risen is shown for this long, ms: long enough to be seen, and over before it is old. */
const RISEN_MS = 10_000;

/** Older results say nothing of today; there are not that many that do not count. */
const ASSAYS_MS = 14 * 86_400_000;
const ASSAYS_MAX = 50;

export function createSignals(options: SignalsOptions): Signals {
  const { tags, extras, image } = options;
  const times = new Float64Array(tags);
  const shown: Shown[] = extras.map(() => NOTHING);
  const looks = extras.map((source) => lookFor(source, options));
  return {
    valueOf: (source) => (source < tags ? image.valueOf(source) : (shown[source - tags] ?? NOTHING).value),
    statusOf: (source) => (source < tags ? image.statusOf(source) : (shown[source - tags] ?? NOTHING).status),
    timeOf: (source) => (source < tags ? (times[source] as number) : (shown[source - tags] ?? NOTHING).time),
    note(tag, time) {
      if (time < (times[tag] as number)) return false;
      times[tag] = time;
      return true;
    },
    look(now) {
      for (const [index, look] of looks.entries()) shown[index] = look(now);
    },
  };
}

type Look = (now: EpochMs) => Shown;

function lookFor(source: ExtraSource, { figures, assays, health }: SignalsOptions): Look {
  switch (source.from) {
    case "metric":
      return lookAtMetric(source.id, figures);
    case "assay":
      return lookAtAssay(source.id, assays);
    case "device":
      return (now) => {
        const isOffline = health.isOffline(source.id);
        return isOffline === null ? NOTHING : truth(isOffline, now);
      };
    case "self":
      return lookAtSelf(source.id, health);
  }
}

function truth(isSo: boolean, time: EpochMs): Shown {
  return { value: isSo ? 1 : 0, status: Status.Good, time };
}

/** The shortest period that the figure is told of. */
function lookAtMetric(id: string, { outlines, latest }: SignalsOptions["figures"]): Look {
  const [period] = outlines().find((one: MetricOutline) => one.id === id)?.periods ?? [];
  if (period === undefined) return () => NOTHING;
  return () => {
    const figure = latest(id, period);
    if (figure === null) return NOTHING;
    return { value: figure.value ?? NaN, status: figure.status, time: figure.to };
  };
}

/** The last result of a sampling point that counts. */
function lookAtAssay(point: string, assays: SignalsOptions["assays"]): Look {
  return (now) => {
    const known = assays.list({ point, from: now - ASSAYS_MS, to: now, all: false, rowsMax: ASSAYS_MAX });
    const last = known.find(({ state, value }) => state === "accepted" && value !== null);
    return last === undefined ? NOTHING : { value: last.value ?? NaN, status: Status.Good, time: last.cutTo };
  };
}

function lookAtSelf(id: string, health: OwnHealth): Look {
  if (id.startsWith("output-")) {
    const output = id.slice("output-".length);
    return (now) => truth(health.isOutputAway(output), now);
  }
  if (id.startsWith("certificate-")) {
    const certificate = id.slice("certificate-".length);
    return (now) => truth(health.isCertificateEnding(certificate), now);
  }
  if (id === "configuration-refused") return (now) => truth(health.isConfigurationRefused(), now);
  if (id === "spool-unprotected") return (now) => truth(!health.isProtected(), now);
  if (id === "stalled") return hasRisen(() => health.stalls());
  return hasRisen(() => (id === "spool-damaged" ? health.damagedBlocks() : health.droppedForRoom()));
}

function hasRisen(count: () => number): Look {
  let last = 0;
  let risenAt = -Infinity;
  return (now) => {
    const next = count();
    if (next > last) risenAt = now;
    last = next;
    return truth(now - risenAt < RISEN_MS, now);
  };
}
