import type { History } from "../../domain/history.ts";
import { Status } from "../../domain/status.ts";
import type { Tag } from "../../domain/tag.ts";
import type { EpochMs } from "../../domain/time.ts";
import { holdFor } from "../../metallurgy/held.ts";
import type { Columns, Window } from "../../metallurgy/held.ts";
import type { Outage } from "../../store/journal/journal.ts";

/** Rows asked for at once. */
const PAGE_ROWS = 50_000;

/** How long a kept reading stands for what comes after it. The history holds changes and, after the longest silence, the
 *  unchanged value again; a subscription repeats nothing, and says when it has died. */
export function holdOf({ periodMs, maxSilenceMs, source }: Tag): number {
  return source.protocol === "opcua" ? Infinity : maxSilenceMs + holdFor(periodMs);
}

/** Readings of a tag with from ≤ time < to, behind the last one before. While no gateway ran nothing is known: a bad row
 *  stands where it ended, and what a subscription last said stands again where it began. */
export async function readColumns(
  history: History,
  tag: Tag,
  { from, to }: Window,
  outages: readonly Outage[],
): Promise<Columns> {
  const rows = new Rows();
  const before = await history.latestBefore(tag.index, from);
  if (before !== null) rows.add(before.time, before.value, before.status);
  let at: EpochMs | null = from;
  while (at !== null) {
    const page: Columns & { readonly next: EpochMs | null } = await history.readRaw(
      tag.index,
      at,
      to,
      PAGE_ROWS,
    );
    for (let row = 0; row < page.length; row++)
      rows.add(page.time[row] as number, page.value[row] as number, page.status[row] as number);
    at = page.next;
  }
  const isRepeated = holdOf(tag) === Infinity;
  return outages.length === 0 ? rows.columns() : interrupted(rows.columns(), outages, isRepeated);
}

function interrupted(columns: Columns, outages: readonly Outage[], isRepeated: boolean): Columns {
  const rows = new Rows();
  let next = 0;
  const copyUntil = (time: EpochMs): void => {
    for (; next < columns.length && (columns.time[next] as number) < time; next++)
      rows.add(columns.time[next] as number, columns.value[next] as number, columns.status[next] as number);
  };
  for (const { from, to } of outages) {
    copyUntil(from);
    rows.add(from, NaN, Status.BadNotConnected);
    copyUntil(to);
    if (isRepeated && next > 0 && columns.time[next] !== to)
      rows.add(to, columns.value[next - 1] as number, columns.status[next - 1] as number);
  }
  copyUntil(Infinity);
  return rows.columns();
}

/** Columns that grow. */
class Rows {
  #time = new Float64Array(1024);
  #value = new Float64Array(1024);
  #status = new Uint32Array(1024);
  #length = 0;

  add(time: EpochMs, value: number, status: number): void {
    if (this.#length === this.#time.length) this.#grow();
    this.#time[this.#length] = time;
    this.#value[this.#length] = value;
    this.#status[this.#length] = status;
    this.#length++;
  }

  columns(): Columns {
    const length = this.#length;
    return {
      length,
      time: this.#time.subarray(0, length),
      value: this.#value.subarray(0, length),
      status: this.#status.subarray(0, length),
    };
  }

  #grow(): void {
    const size = 2 * this.#time.length;
    const [time, value, status] = [this.#time, this.#value, this.#status];
    this.#time = new Float64Array(size);
    this.#value = new Float64Array(size);
    this.#status = new Uint32Array(size);
    this.#time.set(time);
    this.#value.set(value);
    this.#status.set(status);
  }
}
