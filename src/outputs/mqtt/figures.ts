import type { PublishedFigure } from "../../domain/metric.ts";
import { qualityOf } from "../../domain/status.ts";
import type { OutputContext } from "../context.ts";
import type { Message } from "./messages.ts";
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

/** Figures, on `<group>/<plant>/metrics/<id>/<period>`. */
export function figureMessages(
  figures: readonly PublishedFigure[],
  { group, id }: Pick<OutputContext["plant"], "group" | "id">,
): readonly Message[] {
  return figures.map((figure) => ({
    topic: topic(group, id, "metrics", figure.metric, figure.period),
    payload: figurePayload(figure),
  }));
}
