import uPlot from "uplot";
import { pageFont } from "../../font.ts";
import { unitText } from "../../store.ts";
import { axesOf, axisOf, shareOf } from "./axes.ts";
import type { ChartAxis } from "./axes.ts";
import { colour, drawBand, drawCursors, drawDoubts, drawMarkers, penStyle } from "./drawing.ts";
import type { Marker } from "./drawing.ts";
import type { Pen, Span } from "./pen.ts";
import { timeLabels } from "./time-labels.ts";
import { valueLabels } from "./value-labels.ts";

/** What a plot draws over its curves; read anew at each drawing. */
export interface Overlay {
  readonly pens: readonly Pen[];
  readonly cursors: readonly (number | null)[];
  readonly markers: readonly Marker[];
  readonly band: readonly [low: number, high: number] | null;
}

export interface PlotOptions {
  readonly pens: readonly Pen[];
  readonly width: number;
  readonly height: number;
  readonly timeZone: string;
  readonly locale: string;
  readonly overlay: () => Overlay;
}

/** A pen is away from its null to its next value, whatever times of other pens lie between: how uPlot calls that. */
const NULLS_EXPAND = 2;

/** Pens of different times on one time axis. What a pen does not say at another's time is no gap; its null is one. */
export function alignedData(pens: readonly Pen[]): uPlot.AlignedData {
  if (pens.length === 0) return [[]];
  const axes = axesOf(pens);
  const tables = pens.map((pen): uPlot.AlignedData => {
    const toScale = axisOf(pen, axes).isShare ? shareOf(pen) : (value: number) => value;
    const values = pen.values.map((value) => (value === null ? null : toScale(value)));
    return [pen.times as number[], values];
  });
  return uPlot.join(
    tables,
    Array.from(tables, () => [0, NULLS_EXPAND]),
  );
}

export function createPlot(options: PlotOptions, element: HTMLElement): uPlot {
  const { pens, width, height, timeZone, locale, overlay } = options;
  const axes = axesOf(pens);
  const scales = Object.fromEntries(axes.map(({ scale }) => [scale, { auto: true }]));
  return new uPlot(
    {
      width,
      height,
      ms: 1,
      tzDate: (at) => uPlot.tzDate(new Date(at), timeZone),
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { show: false }, y: false },
      scales: { x: { time: true, auto: false }, ...scales },
      axes: [timeAxis(options), ...axes.map((axis, index) => valueAxis(axis, index, locale))],
      series: [{}, ...pens.map((pen, index) => seriesOf(pen, index, axisOf(pen, axes)))],
      hooks: {
        drawAxes: [(plot) => drawBand(plot, overlay().band, axes[0]?.scale)],
        draw: [
          (plot) => {
            const { pens: shown, cursors, markers } = overlay();
            drawDoubts(plot, shown);
            drawMarkers(plot, markers);
            drawCursors(plot, cursors);
          },
        ],
      },
    },
    alignedData(pens),
    element,
  );
}

function timeAxis({ timeZone, locale }: PlotOptions): uPlot.Axis {
  const labels = timeLabels(timeZone, locale);
  return {
    stroke: colour("--quiet"),
    grid: { stroke: colour("--faint"), width: 1 },
    ticks: { stroke: colour("--line"), width: 1 },
    font: pageFont(11),
    size: 40,
    space: 80,
    values: (_, splits, __, ___, step) => labels(splits, step),
  };
}

/** The first at the left, the second at the right, the third at the left again. */
function valueAxis({ scale, unit }: ChartAxis, index: number, locale: string): uPlot.Axis {
  return {
    scale,
    side: index === 1 ? 1 : 3,
    stroke: colour("--quiet"),
    grid: { show: index === 0, stroke: colour("--faint"), width: 1 },
    ticks: { stroke: colour("--line"), width: 1 },
    font: pageFont(11),
    labelFont: pageFont(11),
    values: (_, splits, __, ___, step) => valueLabels(splits, step, locale),
    label: unit === null ? "0 / 1" : unitText(unit),
    labelSize: 18,
    size: 54,
  };
}

function seriesOf(pen: Pen, index: number, { scale }: ChartAxis): uPlot.Series {
  const { stroke, dash } = penStyle(index);
  const paths = pen.isStepped ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
  return {
    label: pen.tag,
    scale,
    stroke,
    dash,
    width: 1.5,
    spanGaps: false,
    points: { show: false },
    ...(paths === undefined ? {} : { paths }),
  };
}

/** The curves again, in another stretch of time. */
export function redraw(plot: uPlot, pens: readonly Pen[], { from, to }: Span): void {
  plot.batch(() => {
    plot.setData(alignedData(pens), false);
    plot.setScale("x", { min: from, max: to });
  });
}
