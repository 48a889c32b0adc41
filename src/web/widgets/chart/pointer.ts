import type uPlot from "uplot";
import type { Span } from "./pen.ts";

/** A press that moves less than this is a click, px. */
const CLICK_PX = 4;
const ZOOM_STEP = 1.25;
export const SPAN_MIN_MS = 10_000;
export const SPAN_MAX_MS = 400 * 86_400_000;

export interface Hands {
  readonly span: Span;
  readonly onSpan?: (span: Span, isDone: boolean) => void;
  readonly onCursor?: (index: 0 | 1, time: number) => void;
}

/** A stretch that is `factor` times as long and keeps `time` where it is. */
export function zoomed({ from, to }: Span, factor: number, time: number): Span {
  const length = Math.min(SPAN_MAX_MS, Math.max(SPAN_MIN_MS, (to - from) * factor));
  const share = (time - from) / (to - from);
  const start = time - share * length;
  return { from: start, to: start + length };
}

export function moved({ from, to }: Span, byMs: number): Span {
  return { from: from + byMs, to: to + byMs };
}

interface Drag {
  readonly x: number;
  readonly span: Span;
  hasMoved: boolean;
}

/** The time under the pointer; null outside of the plot. */
function timeAt(plot: uPlot, { clientX }: MouseEvent): number | null {
  const { left, width } = plot.over.getBoundingClientRect();
  const x = clientX - left;
  return x < 0 || x > width ? null : plot.posToVal(x, "x");
}

function draggedTo(plot: uPlot, { x, span }: Drag, { clientX }: MouseEvent): Span {
  const { width } = plot.over.getBoundingClientRect();
  return width === 0 ? span : moved(span, ((x - clientX) / width) * (span.to - span.from));
}

/** Drag moves the time, the wheel zooms around the pointer, a click puts the cursor A and with Shift the cursor B. */
export function watchPointer(element: HTMLElement, plotOf: () => uPlot, handsOf: () => Hands): () => void {
  let drag: Drag | null = null;
  const watching = new AbortController();
  const { signal } = watching;

  const down = (event: PointerEvent): void => {
    if (event.button !== 0 || timeAt(plotOf(), event) === null) return;
    drag = { x: event.clientX, span: handsOf().span, hasMoved: false };
    element.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent): void => {
    const { onSpan } = handsOf();
    if (drag === null || onSpan === undefined) return;
    drag.hasMoved ||= Math.abs(event.clientX - drag.x) > CLICK_PX;
    element.classList.toggle("panning", drag.hasMoved);
    if (drag.hasMoved) onSpan(draggedTo(plotOf(), drag, event), false);
  };
  const up = (event: PointerEvent): void => {
    const ended = drag;
    drag = null;
    element.classList.remove("panning");
    if (ended === null) return;
    if (ended.hasMoved) handsOf().onSpan?.(draggedTo(plotOf(), ended, event), true);
    else point(handsOf(), timeAt(plotOf(), event), event.shiftKey);
  };
  const wheel = (event: WheelEvent): void => {
    const { span, onSpan } = handsOf();
    const time = timeAt(plotOf(), event);
    if (onSpan === undefined || time === null) return;
    event.preventDefault();
    onSpan(zoomed(span, event.deltaY > 0 ? ZOOM_STEP : 1 / ZOOM_STEP, time), true);
  };
  element.addEventListener("pointerdown", down, { signal });
  element.addEventListener("pointermove", move, { signal });
  element.addEventListener("pointerup", up, { signal });
  element.addEventListener("wheel", wheel, { passive: false, signal });
  return () => watching.abort();
}

function point({ onCursor }: Hands, time: number | null, isSecond: boolean): void {
  if (time !== null) onCursor?.(isSecond ? 1 : 0, time);
}
