import type { Quality } from "../../../domain/status.ts";
import { formatCount } from "../../format.ts";
import { words } from "../../preferences.ts";
import { countQualities } from "../../store.ts";
import type { TagCell } from "../../store.ts";
import { areaName } from "../../widgets/area-name.ts";
import { Mark, markOf } from "../../widgets/mark.tsx";
import { TagRow } from "./tag-row.tsx";

/** The rows in columns of equal height, to be read downwards. */
function columnsOf(cells: readonly TagCell[], columnCount: number): TagCell[][] {
  const height = Math.ceil(cells.length / columnCount);
  const starts = Array.from({ length: columnCount }, (_, column) => column * height);
  return starts.map((start) => cells.slice(start, start + height)).filter((column) => column.length > 0);
}

const COLUMNS = ["tag", "title", "position", "value", "unit", "quality", "age"] as const;

function TagTable({ cells, label }: { readonly cells: readonly TagCell[]; readonly label: string }) {
  return (
    <table class="tags" aria-label={label}>
      <colgroup>
        {COLUMNS.map((column) => (
          <col key={column} class={`column-${column}`} />
        ))}
      </colgroup>
      <thead class="visually-hidden">
        <tr>
          {COLUMNS.map((column) => (
            <th scope="col" key={column}>
              {words.value.columns[column]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {cells.map((cell) => (
          <TagRow key={cell.about.tag} cell={cell} />
        ))}
      </tbody>
    </table>
  );
}

function AbnormalCount({ quality, count }: { readonly quality: Quality; readonly count: number }) {
  if (count === 0) return null;
  const names = count === 1 ? words.value.quality : words.value.qualities;
  return (
    <span class="abnormal">
      <Mark kind={markOf(quality)} /> {formatCount(count, words.value)} {names[quality]}
    </span>
  );
}

function AreaCounts({ cells }: { readonly cells: readonly TagCell[] }) {
  const { uncertain, bad } = countQualities(cells);
  return (
    <span class="area-counts">
      <span>{formatCount(cells.length, words.value)}</span>
      <AbnormalCount quality="uncertain" count={uncertain} />
      <AbnormalCount quality="bad" count={bad} />
    </span>
  );
}

interface AreaSectionProps {
  readonly area: string;
  readonly cells: readonly TagCell[];
  readonly columnCount: number;
}

export function AreaSection({ area, cells, columnCount }: AreaSectionProps) {
  const name = areaName(area);
  return (
    <section class="panel area" aria-label={name}>
      <h2>
        <span class="plant-words">{name}</span> <AreaCounts cells={cells} />
      </h2>
      <div class="area-columns" style={{ gridTemplateColumns: `repeat(${columnCount}, minmax(0, 1fr))` }}>
        {columnsOf(cells, columnCount).map((column, index) => (
          <TagTable key={index} cells={column} label={index === 0 ? name : `${name} (${index + 1})`} />
        ))}
      </div>
    </section>
  );
}
