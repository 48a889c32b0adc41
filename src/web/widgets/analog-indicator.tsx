import { isUnacknowledged } from "../alarm-store.ts";
import { useComputed, useSignalEffect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { limitsOf, normalBand, standingAlarm } from "../equipment-store.ts";
import { formatAge, formatValue } from "../format.ts";
import { indicatorWords } from "../i18n/indicator.ts";
import { words } from "../preferences.ts";
import { extendSpark, sparkOf, wantSpark } from "../spark-store.ts";
import { cellOf, devices, plantNow, unitText } from "../store.ts";
import type { TagCell } from "../store.ts";
import { Mark, markOf } from "./mark.tsx";
import { MovingBar } from "./moving-bar.tsx";
import { PriorityMark } from "./priority-mark.tsx";
import { SparkLine } from "./spark-line.tsx";
import { trendAddress } from "./tag-address.ts";
import { whyText } from "./why.ts";
import "./indicator.css";

interface IndicatorProps {
  readonly tag: string;
  /** Beside its equipment in a drawing there is no room for its title. */
  readonly isSmall?: boolean;
}

/** The alarm that stands on a tag, by shape, number and colour. */
function AlarmMark({ tag }: { readonly tag: string }) {
  const alarm = standingAlarm(tag);
  if (alarm === null) return null;
  return (
    <span class="indicator-alarm" title={alarm.title}>
      <PriorityMark priority={alarm.priority} isFilled={isUnacknowledged(alarm)} />
      <span class="visually-hidden">{alarm.title}</span>
    </span>
  );
}

/** Since when nothing newer is known. Without a value that is the last answer of the device; null while the device does
 *  answer, for then the reading is new, and says that there is no value. */
function lastKnown({ about, reading }: TagCell): number | null {
  const { v, t } = reading.value;
  if (v !== null) return t;
  const { state, lastAnswer } = devices.value.find(({ device }) => device === about.device) ?? UNKNOWN_DEVICE;
  return state === "online" || lastAnswer === null ? null : Date.parse(lastAnswer);
}

const UNKNOWN_DEVICE = { state: "online", lastAnswer: null };

/** Why a value is not to be trusted, and how old it is. */
function Doubt({ cell }: { readonly cell: TagCell }) {
  const update = cell.reading.value;
  const age = useComputed(() => {
    const since = lastKnown(cell);
    return since === null ? null : formatAge(plantNow.value - since);
  });
  if (update.q === "good") return null;
  const why = whyText(update, words.value);
  return (
    <span class="indicator-doubt" title={why}>
      <Mark kind={markOf(update.q)} /> {why}
      {age.value !== null && ` · ${indicatorWords.value.old(age.value)}`}
    </span>
  );
}

function ShownValue({ cell }: { readonly cell: TagCell }) {
  const { about, reading } = cell;
  const { unit } = about;
  const value = formatValue(reading.value.v, about, words.value);
  return (
    <>
      <span class="value" title={value}>
        <span>{value}</span>
      </span>
      <span class="unit">{unitText(unit)}</span>
    </>
  );
}

function Picture({ cell }: { readonly cell: TagCell }) {
  const { tag, range, states } = cell.about;
  useEffect(() => wantSpark(tag), [tag]);
  useSignalEffect(() => extendSpark(tag, cell.reading.value));
  const spark = sparkOf(tag).value;
  if (range === null || states !== undefined) return null;
  const band = normalBand(cell.about);
  const now = spark?.t.at(-1) ?? 0;
  return (
    <span class="indicator-picture">
      <MovingBar value={cell.reading.value.v} range={range} band={band} limits={limitsOf(tag)} />
      <SparkLine spark={spark} band={band} range={range} now={now} />
    </span>
  );
}

/** A value as an operator needs it: with its unit, where it stands between its limits, how it came there in the last
 *  hour, whether it can be trusted, and what alarm stands on it. It leads to its trend. */
export function AnalogIndicator({ tag, isSmall = false }: IndicatorProps) {
  const cell = cellOf(tag);
  if (cell === null)
    return <span class="indicator quiet">{`${tag}: ${indicatorWords.value.unknownTag}`}</span>;
  const { title } = cell.about;
  const alarm = standingAlarm(tag);
  const mood = alarm === null ? "" : `alarmed alarmed-${alarm.priority}`;
  return (
    <a
      class={`indicator ${isSmall ? "small" : ""} ${cell.reading.value.q} ${mood}`}
      href={trendAddress(tag)}
      data-indicator={tag}
      title={isSmall ? `${tag} ${title}` : undefined}
    >
      <span class="indicator-name">
        <span class="indicator-tag">{tag}</span>
        {!isSmall && (
          <span class="indicator-title plant-words" title={title}>
            {title}
          </span>
        )}
        <AlarmMark tag={tag} />
      </span>
      <Picture cell={cell} />
      <span class="indicator-value">
        <ShownValue cell={cell} />
      </span>
      <Doubt cell={cell} />
    </a>
  );
}
