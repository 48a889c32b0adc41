import { isBad, severity } from "../../../domain/status.ts";
import { formatNumber, NO_VALUE } from "../../format.ts";
import { trendWords } from "../../i18n/trends.ts";
import { words } from "../../preferences.ts";
import { plantNow, unitText } from "../../store.ts";
import { Table } from "../../widgets/table.tsx";
import type { Column } from "../../widgets/table.tsx";
import { axesOf, axisOf } from "../../widgets/chart/axes.ts";
import { penStyle } from "../../widgets/chart/drawing.ts";
import { decimalsOf, penAt } from "../../widgets/chart/pen.ts";
import type { Pen, Seen } from "../../widgets/chart/pen.ts";
import { cursors, pens, setTags, tags } from "./trend-state.ts";

function textOf(pen: Pen, value: number): string {
  return pen.states?.[String(value)] ?? formatNumber(value, decimalsOf(pen), words.value.locale);
}

/** A value with what is to be said of its quality. */
function SeenValue({ pen, time }: { readonly pen: Pen; readonly time: number | null }) {
  if (time === null) return <span class="quiet">·</span>;
  const seen = penAt(pen, time);
  const { bad, hole, uncertain } = trendWords.value;
  if (seen === null) return <span class="quiet">{hole}</span>;
  if (seen.value === null || isBad(seen.status))
    return (
      <span class="abnormal">
        {NO_VALUE} {bad}
      </span>
    );
  return (
    <>
      <strong class="live-value">{textOf(pen, seen.value)}</strong>
      {severity(seen.status) > 0 && <span class="abnormal"> {uncertain}</span>}
    </>
  );
}

function isNumber(seen: Seen | null): seen is Seen & { readonly value: number } {
  return seen !== null && seen.value !== null && !isBad(seen.status);
}

function Delta({ pen }: { readonly pen: Pen }) {
  const [a, b] = cursors.value;
  if (a === null || b === null || pen.isStepped) return <span class="quiet">·</span>;
  const [first, second] = [penAt(pen, a), penAt(pen, b)];
  if (!isNumber(first) || !isNumber(second)) return <span class="quiet">·</span>;
  return <>{formatNumber(second.value - first.value, decimalsOf(pen), words.value.locale)}</>;
}

/** The line as it is drawn. */
function Swatch({ index }: { readonly index: number }) {
  const { dash } = penStyle(index);
  return (
    <svg class="pen-swatch" viewBox="0 0 24 8" aria-hidden="true">
      <path d="M0 4H24" stroke={`var(--pen-${(index % 6) + 1})`} stroke-dasharray={dash.join(" ")} />
    </svg>
  );
}

function AxisName({ pen }: { readonly pen: Pen }) {
  const axes = axesOf(pens.value);
  const axis = axisOf(pen, axes);
  const { axis: names, share } = trendWords.value;
  return (
    <>
      {names[axes.indexOf(axis)]}
      {axis.isShare && <span class="quiet"> ({share})</span>}
    </>
  );
}

function columns(): readonly Column<Pen>[] {
  const { column, remove } = trendWords.value;
  const [a, b] = cursors.value;
  return [
    {
      name: "pen",
      title: column.pen,
      cell: (pen) => (
        <>
          <Swatch index={pens.value.indexOf(pen)} /> {pen.tag}
        </>
      ),
    },
    {
      name: "title",
      title: column.title,
      class: "pen-title",
      cell: (pen) => <span class="plant-words">{pen.title}</span>,
    },
    { name: "a", title: column.a, isNumber: true, cell: (pen) => <SeenValue pen={pen} time={a} /> },
    { name: "b", title: column.b, isNumber: true, cell: (pen) => <SeenValue pen={pen} time={b} /> },
    { name: "delta", title: column.delta, isNumber: true, cell: (pen) => <Delta pen={pen} /> },
    {
      name: "now",
      title: column.now,
      isNumber: true,
      cell: (pen) => <SeenValue pen={pen} time={plantNow.value} />,
    },
    { name: "unit", title: column.unit, cell: (pen) => unitText(pen.unit) },
    { name: "axis", title: column.axis, cell: (pen) => <AxisName pen={pen} /> },
    {
      name: "remove",
      title: "",
      cell: ({ tag }) => (
        <button
          type="button"
          class="chip"
          aria-label={remove(tag)}
          title={remove(tag)}
          onClick={() => setTags(tags.value.filter((one) => one !== tag))}
        >
          ×
        </button>
      ),
    },
  ];
}

/** Each pen in words and figures: what the drawing shows, and what it is at the cursors. */
export function PenTable() {
  const { table, noPens } = trendWords.value;
  return (
    <Table label={table} columns={columns()} rows={pens.value} keyOf={({ tag }) => tag} empty={noPens} />
  );
}
