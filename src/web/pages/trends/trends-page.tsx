import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { trendWords } from "../../i18n/trends.ts";
import { words } from "../../preferences.ts";
import { place } from "../../router.ts";
import { link, plant } from "../../store.ts";
import { Chart } from "../../widgets/chart/chart.tsx";
import type { Marker } from "../../widgets/chart/drawing.ts";
import { formatMoment } from "../../widgets/chart/time-labels.ts";
import { PageTitle } from "../../widgets/page-title.tsx";
import { loadMarkers } from "./alarm-markers.ts";
import { AddPen, csvAddress, middle, PenSets, shiftBy, SpanControls, zoomBy } from "./controls.tsx";
import { PenTable } from "./pen-table.tsx";
import "./trends.css";
import {
  cursors,
  followPresent,
  goLive,
  isLive,
  pens,
  putCursor,
  readAddress,
  show,
  span,
  tags,
} from "./trend-state.ts";

const hasMarkers = signal(true);
const markers = signal<readonly Marker[]>([]);
/** The cursor that the keys move. */
const active = signal<0 | 1>(0);
const STEP = 0.005;

/** What the page is above and below the chart, px. */
const AROUND_PX = 430;
const HEIGHT_MIN_PX = 260;

function moveCursor(direction: number): void {
  const { from, to } = span.value;
  const now = cursors.value[active.value] ?? middle();
  putCursor(active.value, Math.min(to, Math.max(from, now + direction * STEP * (to - from))));
}

const KEYS: Readonly<Record<string, (event: KeyboardEvent) => void>> = {
  ArrowLeft: ({ shiftKey }) => (shiftKey ? shiftBy(-0.1) : moveCursor(-1)),
  ArrowRight: ({ shiftKey }) => (shiftKey ? shiftBy(0.1) : moveCursor(1)),
  "+": () => zoomBy(0.5),
  "-": () => zoomBy(2),
  a: () => void (active.value = 0),
  b: () => {
    active.value = 1;
    moveCursor(0);
  },
  l: goLive,
};

function followKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (act === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  act(event);
}

/** From when to when, in plant time. */
function SpanText() {
  const { from, to } = trendWords.value;
  const zone = plant.value?.timeZone ?? "UTC";
  const { locale } = words.value;
  return (
    <span class="quiet">
      {from} {formatMoment(span.value.from, zone, locale)} · {to} {formatMoment(span.value.to, zone, locale)}{" "}
      ({zone})
    </span>
  );
}

function useMarkers(): void {
  const names = tags.value.join(",");
  const { from, to } = span.value;
  // A live span moves every second; alarms are asked for once in ten.
  const coarse = isLive.value ? Math.floor(to / 10_000) : to;
  useEffect(() => {
    if (!hasMarkers.value || names === "") {
      markers.value = [];
      return;
    }
    void loadMarkers(names.split(","), { from, to }).then((found) => {
      markers.value = found;
    });
  }, [names, to - from, coarse, hasMarkers.value]);
}

function Toolbar() {
  const { csv, alarmsShown } = trendWords.value;
  return (
    <div class="trend-toolbar">
      <SpanControls />
      <label class="check">
        <input
          type="checkbox"
          checked={hasMarkers.value}
          onChange={({ currentTarget }) => {
            hasMarkers.value = currentTarget.checked;
          }}
        />
        {alarmsShown}
      </label>
      {tags.value.length > 0 && (
        <a class="chip" href={csvAddress()} download>
          {csv}
        </a>
      )}
    </div>
  );
}

function Curves() {
  const height = useSignal(Math.max(HEIGHT_MIN_PX, innerHeight - AROUND_PX));
  const { title, chart, keysHint, doubtful, reduced } = trendWords.value;
  useEffect(() => {
    const resize = (): void => void (height.value = Math.max(HEIGHT_MIN_PX, innerHeight - AROUND_PX));
    addEventListener("resize", resize);
    return () => removeEventListener("resize", resize);
  }, []);
  return (
    <div
      class="panel trend-frame"
      role="group"
      aria-label={title}
      aria-describedby="trend-keys"
      tabIndex={0}
      onKeyDown={followKey}
    >
      <Chart
        label={chart(tags.value.join(", "))}
        pens={pens.value}
        span={span.value}
        height={height.value}
        markers={markers.value}
        cursors={cursors.value}
        onSpan={show}
        onCursor={(index, time) => {
          active.value = index;
          putCursor(index, time);
        }}
      />
      <p class="quiet trend-hint" id="trend-keys">
        {keysHint} {doubtful} {pens.value.some(({ isReduced }) => isReduced) && reduced}
      </p>
    </div>
  );
}

/** What has been, as curves: pan, zoom, two cursors, and the figures beside them. */
export function TrendsPage() {
  const address = place.value.search.get("tags");
  const isThere = link.value !== "connecting";
  useEffect(() => {
    if (isThere) readAddress();
  }, [isThere]);
  useEffect(() => {
    if ((address ?? "") !== tags.peek().join(",")) readAddress();
  }, [address]);
  useEffect(followPresent, []);
  useMarkers();
  return (
    <>
      <div class="page-head">
        <PageTitle text={trendWords.value.title} />
        <SpanText />
      </div>
      <Toolbar />
      <Curves />
      <PenTable />
      <div class="trend-forms">
        <AddPen />
        <PenSets />
      </div>
    </>
  );
}
