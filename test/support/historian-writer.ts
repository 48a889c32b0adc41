/** A program that writes into a historian until it is killed: `historian-writer.ts DIR FROM`. Reading n says n and is n
 *  seconds of plant time after the start; 2,000 a second come, so that an hour of the plant passes every two seconds.
 *  Prints how many readings it has handed over. */
import { systemClock } from "../../src/domain/system-clock.ts";
import { openHistorian } from "../../src/store/historian/historian.ts";
import { batchFrom } from "./history.ts";

export const WRITER_START = Date.UTC(2026, 10, 22);
export const WRITER_TAGS = [{ name: "KQ-199", linear: { scale: 1, offset: 0 } }];
const ROWS = 20;
const PAUSE_MS = 10;

async function write(dir: string, from: number): Promise<void> {
  const log = { debug() {}, info() {}, warn() {}, error: (facts: object) => console.error(facts) };
  const clock = { ...systemClock, now: () => WRITER_START };
  const historian = await openHistorian({ dir, tags: WRITER_TAGS, historyDays: 1000, clock, log });
  let count = from;
  setInterval(() => {
    const rows = Array.from({ length: ROWS }, () => ({ time: WRITER_START + 1000 * count, value: count++ }));
    historian.append(batchFrom(0, rows));
    process.stdout.write(`${count}\n`);
  }, PAUSE_MS);
}

const [, , dir = "", from = "0"] = process.argv;
if (import.meta.main) await write(dir, Number(from));
