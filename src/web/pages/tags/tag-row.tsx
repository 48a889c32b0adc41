import { useComputed } from "@preact/signals";
import { formatAge, formatValue, positionInRange } from "../../format.ts";
import type { Words } from "../../i18n/es-PE.ts";
import { words } from "../../preferences.ts";
import { plant, plantNow } from "../../store.ts";
import type { TagCell } from "../../store.ts";
import type { Update } from "../../api.ts";
import { Mark, markOf } from "../../widgets/mark.tsx";
import { RangeBar } from "./range-bar.tsx";

function whyText({ q, s }: Update, { quality, reason }: Words): string {
  if (q === "good" && s === 0) return quality.good;
  const word = plant.value?.reasons[String(s)];
  if (word !== undefined) return reason[word];
  return q === "good" ? quality.good : reason.OTHER;
}

/** One tag with its last reading: redrawn when that reading changes, and only then. */
export function TagRow({ cell }: { readonly cell: TagCell }) {
  const { about, reading } = cell;
  const update = reading.value;
  const age = useComputed(() => formatAge(plantNow.value - reading.value.t));
  const { unit, range } = about;
  const value = formatValue(update.v, about, words.value);
  const isAnalog = range !== null && about.states === undefined;
  return (
    <tr class={`tag ${update.q}`} data-tag={about.tag}>
      <th scope="row">{about.tag}</th>
      <td class="title" title={about.title} colSpan={isAnalog ? 1 : 2}>
        {about.title}
      </td>
      {isAnalog && (
        <td class="position">
          <RangeBar position={positionInRange(update.v, range)} origin={positionInRange(0, range) ?? 0} />
        </td>
      )}
      <td class="value" title={value}>
        <span>{value}</span>
      </td>
      <td class="unit">{unit === null ? "" : (plant.value?.units[unit] ?? unit)}</td>
      <td class="quality" title={whyText(update, words.value)}>
        <Mark kind={markOf(update.q)} />
        <span class="visually-hidden">{words.value.quality[update.q]}: </span>
        {whyText(update, words.value)}
      </td>
      <td class="age">{age}</td>
    </tr>
  );
}
