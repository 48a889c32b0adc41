import type { PublishedFigure } from "../../domain/metric.ts";
import { qualityOf } from "../../domain/status.ts";
import type { OutputContext } from "../context.ts";
import { publishFrame } from "./frames.ts";
import type { FrameOptions, Frames } from "./frames.ts";
import { topic } from "./topic.ts";

/** A figure as a reading is told, with what a figure has besides: its standard uncertainty, how much of its period was
 *  measured, its version and its period. Its time is the end of the period. */
export function figurePayload({
  to,
  value,
  status,
  unit,
  u,
  coverage,
  version,
  from,
}: PublishedFigure): string {
  return JSON.stringify({
    t: Math.round(to),
    v: value,
    q: qualityOf(status),
    s: status,
    u: unit,
    sd: u,
    coverage,
    version,
    from: Math.round(from),
    to: Math.round(to),
  });
}

/** Frames of figures, end to end, with packet ids from 1 on. */
export function figureFrames(
  figures: readonly PublishedFigure[],
  { group, id }: Pick<OutputContext["plant"], "group" | "id">,
  options: FrameOptions,
): Frames {
  const parts: Buffer[] = [];
  const ends = new Uint32Array(figures.length);
  let length = 0;
  for (const [index, figure] of figures.entries()) {
    const name = topic(group, id, "metrics", figure.metric, figure.period);
    const { bytes, ends: own } = publishFrame(name, figurePayload(figure), options, index + 1);
    const part = Buffer.from(bytes.subarray(0, own[0]));
    parts.push(part);
    length += part.length;
    ends[index] = length;
  }
  const rows = Uint32Array.from(figures, (_, index) => index);
  return { bytes: Buffer.concat(parts), count: figures.length, ends, rows, oversize: [] };
}
