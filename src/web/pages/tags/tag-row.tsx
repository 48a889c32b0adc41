import { useComputed } from "@preact/signals";
import { formatAge, formatValue, positionInRange } from "../../format.ts";
import { words } from "../../preferences.ts";
import { plantNow, unitText } from "../../store.ts";
import type { TagCell } from "../../store.ts";
import { Mark, markOf } from "../../widgets/mark.tsx";
import { tagAddress } from "../../widgets/tag-address.ts";
import { whyText } from "../../widgets/why.ts";
import { RangeBar } from "./range-bar.tsx";

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
      <th scope="row">
        <a class="tag-link" href={tagAddress(about.tag)}>
          {about.tag}
        </a>
      </th>
      <td class="title" title={about.title} colSpan={isAnalog ? 1 : 2}>
        <span class="plant-words">{about.title}</span>
      </td>
      {isAnalog && (
        <td class="position">
          <RangeBar position={positionInRange(update.v, range)} origin={positionInRange(0, range) ?? 0} />
        </td>
      )}
      <td class="value" title={value}>
        <span>{value}</span>
      </td>
      <td class="unit">{unitText(unit)}</td>
      <td class="quality" title={whyText(update, words.value)}>
        <Mark kind={markOf(update.q)} />
        <span class="visually-hidden">{words.value.quality[update.q]}: </span>
        {whyText(update, words.value)}
      </td>
      <td class="age">{age}</td>
    </tr>
  );
}
