import type uPlot from "uplot";
import { pageFont } from "../../font.ts";
import { doubtsOf } from "./pen.ts";
import type { Pen } from "./pen.ts";

/** Something that happened at a time: an alarm or a note. */
export interface Marker {
  readonly time: number;
  readonly text: string;
  readonly kind: "alarm" | "note";
}

/** Colours by the names of theme.css, as they are now. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const PEN_COLOURS = 6;

/** Six colours, the second six pens dashed: no two look alike. */
export function penStyle(index: number): { readonly stroke: string; readonly dash: number[] } {
  return { stroke: colour(`--pen-${(index % PEN_COLOURS) + 1}`), dash: index < PEN_COLOURS ? [] : [7, 4] };
}

const LANE_PX = 4;

/** Under the curves, one lane a pen: filled where it was bad, half as high where it was uncertain. */
export function drawDoubts(plot: uPlot, pens: readonly Pen[]): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = colour("--diagnostic");
  for (const [lane, pen] of pens.entries()) {
    const bottom = bbox.top + bbox.height - lane * (LANE_PX + 1);
    for (const { from, to, isBad } of doubtsOf(pen)) {
      const left = Math.max(bbox.left, plot.valToPos(from, "x", true));
      const right = Math.min(bbox.left + bbox.width, plot.valToPos(to, "x", true));
      const height = isBad ? LANE_PX : LANE_PX / 2;
      if (right >= left) ctx.fillRect(left, bottom - height, Math.max(2, right - left), height);
    }
  }
  ctx.restore();
}

/** Behind the curves: what is normal on an axis. */
export function drawBand(
  plot: uPlot,
  band: readonly [low: number, high: number] | null,
  scale: string | undefined,
): void {
  if (band === null || scale === undefined || plot.scales[scale]?.min == null) return;
  const { ctx, bbox } = plot;
  const inside = (y: number): number => Math.min(bbox.top + bbox.height, Math.max(bbox.top, y));
  const [bottom = 0, top = 0] = band.map((value) => inside(plot.valToPos(value, scale, true)));
  ctx.save();
  ctx.globalAlpha = 0.45;
  ctx.fillStyle = colour("--band");
  ctx.fillRect(bbox.left, top, bbox.width, bottom - top);
  ctx.restore();
}

function isInside({ bbox }: uPlot, x: number): boolean {
  return x >= bbox.left && x <= bbox.left + bbox.width;
}

/** A line down the whole plot with a word at its head. */
function drawLine(plot: uPlot, time: number, text: string, style: { stroke: string; dash: number[] }): void {
  const { ctx, bbox } = plot;
  const x = plot.valToPos(time, "x", true);
  if (!isInside(plot, x)) return;
  ctx.save();
  ctx.strokeStyle = style.stroke;
  ctx.fillStyle = style.stroke;
  ctx.setLineDash(style.dash);
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.font = pageFont(11 * devicePixelRatio, 600);
  ctx.textBaseline = "top";
  const isAtEnd = x > bbox.left + bbox.width - 60 * devicePixelRatio;
  ctx.textAlign = isAtEnd ? "right" : "left";
  ctx.fillText(text, x + (isAtEnd ? -4 : 4), bbox.top + 2);
  ctx.restore();
}

export function drawCursors(plot: uPlot, cursors: readonly (number | null)[]): void {
  for (const [index, time] of cursors.entries())
    if (time !== null) drawLine(plot, time, index === 0 ? "A" : "B", { stroke: colour("--text"), dash: [] });
}

export function drawMarkers(plot: uPlot, markers: readonly Marker[]): void {
  for (const { time, text, kind } of markers) {
    const stroke = colour(kind === "alarm" ? "--priority-1" : "--line");
    drawLine(plot, time, text, { stroke, dash: [3, 4] });
  }
}
