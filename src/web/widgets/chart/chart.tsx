import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { formatOffset } from "../../format.ts";
import { language, theme, words } from "../../preferences.ts";
import { plant } from "../../store.ts";
import "./chart.css";
import type { Marker } from "./drawing.ts";
import { mountPlot } from "./mount.ts";
import { redraw } from "./plot.ts";
import type { Pen, Span } from "./pen.ts";

interface ChartProps {
  readonly label: string;
  readonly pens: readonly Pen[];
  readonly span: Span;
  readonly height: number;
  readonly markers?: readonly Marker[];
  /** What is normal, shaded; on the first axis. */
  readonly band?: readonly [low: number, high: number] | null;
  /** Times of the cursors A and B. */
  readonly cursors?: readonly (number | null)[];
  /** The reader moved or zoomed; `isDone` when the hand is off. */
  readonly onSpan?: (span: Span, isDone: boolean) => void;
  /** The reader put a cursor somewhere; the second one with Shift held. */
  readonly onCursor?: (index: 0 | 1, time: number) => void;
}

/** Curves over time on up to three axes. What it shows, and where, is its owner's; words and figures stand beside it, so
 *  that nothing is said by the drawing alone. */
export function Chart(props: ChartProps) {
  const { label, pens, span, height } = props;
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<(() => uPlot) | null>(null);
  const now = useRef(props);
  now.current = props;
  const timeZone = plant.value?.timeZone ?? "UTC";
  const { locale } = words.value;
  const shape = pens.map(({ tag, isStepped }) => `${tag}${isStepped ? "!" : ""}`).join(" ");
  const look = `${shape} ${height} ${theme.value} ${language.value} ${timeZone}`;

  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const mounted = mountPlot(element, { height, timeZone, locale }, () => now.current);
    plot.current = mounted.plot;
    return () => {
      mounted.unmount();
      plot.current = null;
    };
  }, [look]);

  useEffect(() => {
    const shown = plot.current?.();
    if (shown !== undefined) redraw(shown, pens, span);
  }, [pens, span.from, span.to, props.cursors, props.markers, props.band?.[0], props.band?.[1]]);

  return (
    <div class="chart" role="img" aria-label={label} ref={frame}>
      <span class="chart-zone">
        {timeZone} ({formatOffset(span.to, timeZone)})
      </span>
    </div>
  );
}
