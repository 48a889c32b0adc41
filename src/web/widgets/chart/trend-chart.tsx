import { batch, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { itemWords } from "../../i18n/item.ts";
import { link, plantNow } from "../../store.ts";
import { keepAsking } from "../keep-asking.ts";
import { Chart } from "./chart.tsx";
import { extended, loadPen } from "./trend.ts";
import type { Pen } from "./pen.ts";

const HOUR_MS = 3_600_000;

interface TrendChartProps {
  readonly label: string;
  readonly tags: readonly string[];
  readonly hours: number;
  readonly height: number;
  /** What is normal of the first tag, shaded. */
  readonly band?: readonly [low: number, high: number] | null;
}

/** The last hours of some tags, with the present coming in at the right. */
export function TrendChart({ label, tags, hours, height, band = null }: TrendChartProps) {
  const pens = useSignal<readonly Pen[]>([]);
  const isLoaded = useSignal(false);
  const names = tags.join(",");
  const isLive = link.value === "live";
  useEffect(() => {
    const ask = (): Promise<(Pen | null)[]> => {
      const to = plantNow.peek();
      return Promise.all(names.split(",").map((tag) => loadPen(tag, { from: to - hours * HOUR_MS, to })));
    };
    return keepAsking(ask, (loaded) =>
      batch(() => {
        pens.value = loaded.filter((pen) => pen !== null);
        isLoaded.value = true;
      }),
    );
  }, [names, hours, isLive]);
  useSignalEffect(() => {
    if (plantNow.value > 0) pens.value = pens.peek().map(extended);
  });
  const to = plantNow.value;
  if (isLoaded.value && pens.value.every(({ values }) => values.every((value) => value === null)))
    return <p class="quiet">{itemWords.value.noHistory}</p>;
  const span = { from: to - hours * HOUR_MS, to };
  return <Chart label={label} pens={pens.value} span={span} height={height} band={band} />;
}
