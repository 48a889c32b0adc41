import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { link, plantNow } from "../../store.ts";
import { Chart } from "./chart.tsx";
import { extended, loadPen } from "./trend.ts";
import type { Pen } from "./pen.ts";

const HOUR_MS = 3_600_000;

interface TrendChartProps {
  readonly label: string;
  readonly tags: readonly string[];
  readonly hours: number;
  readonly height: number;
}

/** The last hours of some tags, with the present coming in at the right. */
export function TrendChart({ label, tags, hours, height }: TrendChartProps) {
  const pens = useSignal<readonly Pen[]>([]);
  const names = tags.join(",");
  const isLive = link.value === "live";
  useEffect(() => {
    let isCurrent = true;
    const to = plantNow.peek();
    const span = { from: to - hours * HOUR_MS, to };
    void Promise.all(names.split(",").map((tag) => loadPen(tag, span))).then((loaded) => {
      if (isCurrent) pens.value = loaded.filter((pen) => pen !== null);
    });
    return () => {
      isCurrent = false;
    };
  }, [names, hours, isLive]);
  useSignalEffect(() => {
    if (plantNow.value > 0) pens.value = pens.peek().map(extended);
  });
  const to = plantNow.value;
  return <Chart label={label} pens={pens.value} span={{ from: to - hours * HOUR_MS, to }} height={height} />;
}
