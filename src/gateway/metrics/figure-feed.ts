import type { MetricRecord, PublishedFigure } from "../../domain/metric.ts";
import { publishedFigure } from "../../domain/metric.ts";
import type { NewsSource } from "../../domain/ports.ts";
import type { Journal } from "../../store/journal/journal.ts";

/** Figures written at once. */
const FIGURES_MAX = 200;

/** The figures of one output: versions from the journal, none of which is lost, and the latest of what is told anew all
 *  the time, of which only the last counts. */
export interface FigureFeed extends NewsSource<PublishedFigure> {
  /** There may be new versions in the journal. */
  ring(): void;
  /** A figure of the present; takes the place of one that has not been sent. */
  show(figure: PublishedFigure): void;
}

export function createFigureFeed(
  output: string,
  { outbox, versions }: Pick<Journal, "outbox" | "versions">,
  areaOf: (metric: string) => string | null,
): FigureFeed {
  const live = new Map<string, PublishedFigure>();
  let wake = (): void => undefined;
  let isStale = true;
  let taken = 0;
  let inHand: readonly PublishedFigure[] = [];

  function ring(): void {
    isStale = true;
    wake();
  }

  function load(): readonly PublishedFigure[] {
    const posted = outbox.next(output, FIGURES_MAX);
    taken = posted.at(-1)?.sequence ?? taken;
    isStale = posted.length === FIGURES_MAX;
    return posted.flatMap(({ metric, period, from, version }) => {
      const record = versions.get(metric, period, from, version);
      return record === null ? [] : asPublished(record, areaOf);
    });
  }

  return {
    ring,
    show(figure) {
      live.set(`${figure.metric}/${figure.period}`, figure);
      wake();
    },
    isReady: () => isStale || live.size > 0 || inHand.length > 0,
    onceReady: (call) => void (wake = call),
    peek() {
      if (inHand.length > 0) return inHand;
      inHand = [...(isStale ? load() : []), ...live.values()];
      live.clear();
      return inHand;
    },
    acknowledge() {
      inHand = [];
      if (taken > 0) outbox.taken(output, taken);
      taken = 0;
    },
  };
}

function asPublished(record: MetricRecord, areaOf: (metric: string) => string | null): PublishedFigure[] {
  const area = areaOf(record.metric);
  return area === null ? [] : [publishedFigure(record, area)];
}
