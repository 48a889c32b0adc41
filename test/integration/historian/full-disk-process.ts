/** Feeds a historian on a disk that takes only so much, and says how it went. Started with a limit on the size of files. */
import { systemClock } from "../../../src/domain/system-clock.ts";
import { sleep } from "../../../src/domain/time.ts";
import { openHistorian } from "../../../src/store/historian/historian.ts";
import { batchFrom } from "../../support/history.ts";
import { silentLog } from "../../support/http-server.ts";

const START = Date.UTC(2026, 10, 22, 12);
const BATCHES = 400;
const ROWS = 500;

/** Told to the parent as a line of JSON. */
export interface Told {
  readonly handedOver: number;
  readonly accepted: number;
  readonly dropped: number;
  readonly open: number;
  readonly lastError: string | null;
  /** Readings that can be read back in this run. */
  readonly readable: number;
  /** The longest that handing over a batch kept the caller, ms. */
  readonly longestMs: number;
}

const [dir = ""] = process.argv.slice(2);
const tags = [{ name: "FT-207", linear: { scale: 1, offset: 0 } }];
const historian = await openHistorian({ dir, tags, historyDays: 10_000, clock: systemClock, log: silentLog });
let longestMs = 0;
for (let batch = 0; batch < BATCHES; batch++) {
  const rows = Array.from({ length: ROWS }, (_, row) => ({
    time: START + 1000 * (batch * ROWS + row),
    value: Math.fround(Math.sin(batch * ROWS + row)),
  }));
  const before = systemClock.monotonic();
  historian.append(batchFrom(0, rows));
  longestMs = Math.max(longestMs, systemClock.monotonic() - before);
  if (batch % 20 === 0) await historian.sync();
}
await historian.archive();
await sleep(systemClock, 1_100); // its state is told once a second
const { accepted, dropped, open, lastError } = historian.health();
const { length: readable } = await historian.readRaw(0, 0, 1e14, 1e7);
const told: Told = {
  handedOver: BATCHES * ROWS,
  accepted,
  dropped,
  open,
  lastError: lastError?.sentence ?? null,
  readable,
  longestMs,
};
process.stdout.write(`${JSON.stringify(told)}\n`);
await historian.close();
