import { createBatch } from "../../domain/batch.ts";
import type { ReadingBatch } from "../../domain/batch.ts";
import { Status } from "../../domain/status.ts";
import type { StatusCode } from "../../domain/status.ts";
import type { Tag } from "../../domain/tag.ts";
import type { Clock } from "../../domain/time.ts";
import type { SearchBlock } from "./lessons.ts";
import { compileColumns, decodeColumns } from "./registers.ts";
import { readRequest } from "./request.ts";
import type { Request } from "./request.ts";
import type { Sink } from "./slots.ts";

/** Rows from `row` up to, not including, `endRow`. */
export interface Run {
  readonly row: number;
  readonly endRow: number;
}

/** A block with all that depends only on the configuration worked out: its reply is decoded straight into the batch. */
export interface CompiledBlock extends SearchBlock, Sink {
  readonly request: Request;
  /** Its rows in the batch; nearly always one run. */
  readonly runs: readonly Run[];
}

/** The batch of one group, which every poll fills anew. Row i is always `tags[i]`. */
export class GroupRows {
  readonly batch: ReadingBatch;
  readonly #rowOf: ReadonlyMap<number, number>;
  readonly #clock: Clock;

  constructor(tags: readonly Tag[], clock: Clock) {
    this.batch = createBatch(tags.length);
    this.batch.length = tags.length;
    this.batch.tag.set(tags.map((tag) => tag.index));
    this.#rowOf = new Map(tags.map((tag, row) => [tag.index, row]));
    this.#clock = clock;
  }

  compile(block: SearchBlock, unit: number, owner: object): CompiledBlock {
    const runs = this.runsOf(block.tags);
    let from = 0;
    const columns = runs.flatMap(({ row, endRow }) => {
      const tags = block.tags.slice(from, from + endRow - row);
      from += tags.length;
      return compileColumns(tags, block.address, row);
    });
    const accept = (view: DataView, at: number): void => {
      decodeColumns(columns, view, at, this.batch);
      this.#stamp(runs, Status.Good);
    };
    return { ...block, owner, request: readRequest(unit, block), runs, accept };
  }

  runsOf(tags: readonly Tag[]): readonly Run[] {
    const runs: { row: number; endRow: number }[] = [];
    for (const { index } of tags) {
      const row = this.#rowOf.get(index) ?? -1;
      const run = runs.at(-1);
      if (run?.endRow === row) run.endRow++;
      else runs.push({ row, endRow: row + 1 });
    }
    return runs;
  }

  /** Forgets the exact values of the poll before. */
  begin(): void {
    if (this.batch.exact.size > 0) this.batch.exact.clear();
  }

  fail(runs: readonly Run[], status: StatusCode): void {
    const { value, exact } = this.batch;
    this.#stamp(runs, status);
    for (const { row, endRow } of runs) {
      value.fill(NaN, row, endRow);
      for (let i = row; i < endRow && exact.size > 0; i++) exact.delete(i);
    }
  }

  /** There is no clock in a Modbus reply: a value was so when its reply came. */
  #stamp(runs: readonly Run[], status: StatusCode): void {
    const now = this.#clock.now();
    for (const { row, endRow } of runs) {
      this.batch.status.fill(status, row, endRow);
      this.batch.sourceTime.fill(now, row, endRow);
      this.batch.receivedTime.fill(now, row, endRow);
    }
  }
}
