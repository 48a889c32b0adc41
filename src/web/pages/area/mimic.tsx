import { useSignal, useSignalEffect } from "@preact/signals";
import { ask } from "../../api.ts";
import type { EquipmentAnswer } from "../../api.ts";
import { equipment } from "../../equipment-store.ts";
import { areaWords } from "../../i18n/area.ts";
import { cellOf, link } from "../../store.ts";
import { AnalogIndicator } from "../../widgets/analog-indicator.tsx";
import { areaAddress, areaName } from "../../widgets/area-name.ts";
import { EquipmentSymbol } from "../../widgets/equipment-symbol.tsx";
import { keepAsking } from "../../widgets/keep-asking.ts";
import { runState, runWord } from "../../widgets/run-state.ts";

interface Box {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface MimicAnswer {
  readonly width: number;
  readonly height: number;
  readonly equipment: readonly Box[];
  readonly links: readonly (Box & { readonly direction: "from" | "to" })[];
  readonly streams: readonly {
    readonly from: string;
    readonly to: string;
    readonly points: readonly (readonly [number, number])[];
  }[];
}

/** Values that stand beside their equipment. */
const VALUES_MAX = 2;

function shownTags({ tags }: EquipmentAnswer): readonly string[] {
  const isAnalog = (tag: string): boolean => {
    const about = cellOf(tag)?.about;
    return about !== undefined && about.range !== null && about.states === undefined;
  };
  return tags.filter(isAnalog).slice(0, VALUES_MAX);
}

function Item({ about }: { readonly about: EquipmentAnswer }) {
  const { id, title, kind } = about;
  const state = runState(about);
  return (
    <div class={`mimic-item ${state}`} data-equipment={id}>
      <a class="mimic-head" href={`/equipment/${encodeURIComponent(id)}`} title={`${id} ${title}`}>
        <EquipmentSymbol kind={kind} state={state} />
        <span class="mimic-names">
          <span class="mimic-title plant-words">{title}</span>
          <span class="mimic-state quiet">{runWord(state) || id}</span>
        </span>
      </a>
      {shownTags(about).map((tag) => (
        <AnalogIndicator key={tag} tag={tag} isSmall />
      ))}
    </div>
  );
}

function Neighbour({ id, direction }: { readonly id: string; readonly direction: "from" | "to" }) {
  const about = equipment.value.find((one) => one.id === id);
  if (about === undefined) return null;
  const { comesFrom, goesTo } = areaWords.value;
  const area = areaName(about.area);
  return (
    <a class="mimic-link" href={areaAddress(about.area)} title={about.title}>
      <span class="mimic-link-area plant-words">{direction === "from" ? comesFrom(area) : goesTo(area)}</span>
      <span class="mimic-link-title plant-words quiet">{about.title}</span>
    </a>
  );
}

function Streams({ streams }: Pick<MimicAnswer, "streams">) {
  return (
    <>
      <defs>
        <marker
          id="stream-end"
          viewBox="0 0 8 8"
          refX="7.5"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          orient="auto"
        >
          <path d="M0 0l8 4-8 4z" class="stream-arrow" />
        </marker>
      </defs>
      {streams.map(({ from, to, points }) => (
        <polyline
          key={`${from} ${to}`}
          class="stream"
          points={points.map(([x, y]) => `${x},${y}`).join(" ")}
          marker-end="url(#stream-end)"
        />
      ))}
    </>
  );
}

/** A drawing no wider than this much of its own size, so that small circuits do not become huge. */
const SCALE_MAX = 1.1;

/** The circuit as it flows: equipment and streams in grey, values beside their equipment, colour only for what is
 *  abnormal. */
export function Mimic({ area }: { readonly area: string }) {
  const drawing = useSignal<MimicAnswer | null>(null);
  useSignalEffect(() => {
    if (link.value !== "live" || drawing.peek() !== null) return undefined;
    // A circuit that has never been drawn is laid out first, which takes its time.
    return keepAsking(
      () => ask<MimicAnswer>(`/api/v1/mimic/${encodeURIComponent(area)}`),
      (answer) => {
        drawing.value = answer;
      },
    );
  });
  if (drawing.value === null) return <div class="panel mimic-frame" />;
  const { width, height, streams, links, equipment: boxes } = drawing.value;
  const byId = new Map(equipment.value.map((one) => [one.id, one]));
  return (
    <div class="panel mimic-frame">
      <svg
        class="mimic"
        viewBox={`0 0 ${width} ${height}`}
        style={{ maxWidth: `${width * SCALE_MAX}px` }}
        role="group"
        aria-label={areaWords.value.mimic}
      >
        <Streams streams={streams} />
        {links.map(({ id, direction, x, y, width: w, height: h }, index) => (
          <foreignObject key={index} x={x} y={y} width={w} height={h}>
            <Neighbour id={id} direction={direction} />
          </foreignObject>
        ))}
        {boxes.map(({ id, x, y, width: w, height: h }) => {
          const about = byId.get(id);
          if (about === undefined) return null;
          return (
            <foreignObject key={id} x={x} y={y} width={w} height={h}>
              <Item about={about} />
            </foreignObject>
          );
        })}
      </svg>
    </div>
  );
}
