import type { PublishedFigure } from "../../domain/metric.ts";
import { qualityOf } from "../../domain/status.ts";
import type { OutputContext } from "../context.ts";
import type { FrameOptions, Frames } from "./frames.ts";
import { messageFrames } from "./messages.ts";
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

/** Frames of figures, on `<group>/<plant>/metrics/<id>/<period>`. */
export function figureFrames(
  figures: readonly PublishedFigure[],
  { group, id }: Pick<OutputContext["plant"], "group" | "id">,
  options: FrameOptions,
): Frames {
  return messageFrames(
    figures.map((figure) => [
      topic(group, id, "metrics", figure.metric, figure.period),
      figurePayload(figure),
    ]),
    options,
  );
}
