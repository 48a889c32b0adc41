/** A program that serves the history in a folder over HTTP: `csv-server.ts DIR`. Sends its URL to its parent, and its
 *  resident memory every 20 ms. */
import { systemClock } from "../../src/domain/system-clock.ts";
import { openHistorian } from "../../src/store/historian/historian.ts";
import { serveView, silentLog } from "./http-server.ts";
import { memoryView, STARTED_AT } from "./http-view.ts";
import { tagOf } from "./tags.ts";

export const CSV_TAGS = Array.from({ length: 10 }, (_, index) => tagOf(index));
export const CSV_SHELVES = CSV_TAGS.map(({ id }) => ({ name: id, linear: { scale: 1, offset: 0 } }));

async function serve(dir: string): Promise<void> {
  const view = memoryView(CSV_TAGS, { data: { dir, spoolBytesMax: 0, groupCommitMs: 20, historyDays: 30 } });
  const clock = { ...systemClock, now: () => STARTED_AT };
  view.history = await openHistorian({ dir, tags: CSV_SHELVES, historyDays: 30, clock, log: silentLog });
  const server = await serveView(view);
  process.send?.({ url: server.url });
  setInterval(() => process.send?.({ residentBytes: process.memoryUsage.rss() }), 20);
}

if (import.meta.main) await serve(process.argv[2] ?? "");
