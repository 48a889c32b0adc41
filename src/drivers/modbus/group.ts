import type { ModbusLimits } from "../../config/plant.ts";
import type { Log, Poll, PollGroup } from "../../domain/ports.ts";
import { Status } from "../../domain/status.ts";
import type { StatusCode } from "../../domain/status.ts";
import { sleep } from "../../domain/time.ts";
import type { Clock } from "../../domain/time.ts";
import { isAddressSpecific, isBusy, isUnanswered, statusOfException } from "./faults.ts";
import { Teacher } from "./lessons.ts";
import type { SearchBlock } from "./lessons.ts";
import type { LinkTiming } from "./line.ts";
import { planReads } from "./plan.ts";
import type { Block } from "./plan.ts";
import { GroupRows } from "./rows.ts";
import type { CompiledBlock, Run } from "./rows.ts";
import type { Outcome } from "./slots.ts";
import type { Transport } from "./transport.ts";

/** Reads that a poll may make beyond its plan while it searches for a bad address. */
const SEARCH_READS_MAX = 16;
/** A device that says it is busy is asked once more after this. */
const BUSY_PAUSE_MS = 100;

/** One Modbus unit, as far as all its groups share it. */
export interface Unit {
  readonly unit: number;
  readonly limits: ModbusLimits;
  /** Reads that it has answered with data since the start. */
  answers: number;
}

export interface GroupOptions {
  readonly group: Omit<PollGroup, "unit">;
  readonly unit: Unit;
  readonly transport: Transport;
  readonly timing: LinkTiming;
  readonly clock: Clock;
  readonly log: Log;
  readonly inFlightMax: number;
}

/** The tags of one device and scan class. Row i of its batch is always `tags[i]`. */
export class GroupReader {
  readonly #options: GroupOptions;
  readonly #rows: GroupRows;
  readonly #teacher = new Teacher();
  #blocks: CompiledBlock[] = [];
  /** Rows that no permitted read can bring. */
  #unreadableRuns: readonly Run[] = [];
  // Of the poll that runs:
  #next = 0;
  readonly #halves: CompiledBlock[] = [];
  #searchReads = 0;
  #isAnswered = false;
  #isSilent = false;
  #isComplete = true;
  #wasRefused = false;

  constructor(options: GroupOptions) {
    this.#options = options;
    this.#rows = new GroupRows(options.group.tags, options.clock);
    this.#plan();
  }

  get quarantined(): readonly string[] {
    return this.#teacher.quarantined.flatMap(({ block }) => block.tags.map((tag) => tag.id));
  }

  /** Throws ConnectionLost when the link goes down, and what the signal says when it is aborted. */
  async poll(signal: AbortSignal): Promise<Poll> {
    await this.#options.transport.during(signal, this, async () => {
      this.#begin();
      await this.#readAll(signal);
      await this.#retryQuarantined(signal);
    });
    this.#conclude();
    return { batch: this.#rows.batch, answered: this.#isAnswered, confirmsRest: false };
  }

  #plan(): void {
    const { group, unit, timing } = this.#options;
    this.#teacher.endSearch();
    const tags = group.tags.filter((tag) => !this.#teacher.isQuarantined(tag));
    const { blocks, unreadable } = planReads(tags, unit.limits, timing, this.#teacher.lessons());
    this.#blocks = blocks.map((block) => this.#compile({ ...block, splits: [] }));
    this.#unreadableRuns = this.#rows.runsOf(unreadable);
  }

  #compile(block: SearchBlock): CompiledBlock {
    return this.#rows.compile(block, this.#options.unit.unit, this);
  }

  #begin(): void {
    this.#rows.begin();
    this.#next = 0;
    this.#halves.length = 0;
    this.#searchReads = 0;
    this.#isAnswered = false;
    this.#isSilent = false;
    this.#isComplete = true;
    this.#wasRefused = false;
    const now = this.#options.clock.monotonic();
    if (this.#teacher.forgetCuts(now)) this.#plan();
    this.#rows.fail(this.#unreadableRuns, Status.BadConfiguration);
    for (const { block, status } of this.#teacher.quarantined)
      this.#rows.fail(this.#rows.runsOf(block.tags), status);
  }

  async #readAll(signal: AbortSignal): Promise<void> {
    const lanes = Math.min(this.#options.inFlightMax, this.#blocks.length);
    if (lanes <= 1) return this.#lane(signal);
    await Promise.all(Array.from({ length: lanes }, () => this.#lane(signal)));
  }

  async #lane(signal: AbortSignal): Promise<void> {
    for (;;) {
      const block = this.#halves.pop() ?? this.#blocks[this.#next++];
      if (block === undefined) return;
      await this.#read(block, signal);
    }
  }

  async #read(block: CompiledBlock, signal: AbortSignal): Promise<void> {
    if (this.#isSilent) {
      this.#rows.fail(block.runs, Status.BadNoCommunication);
      return;
    }
    const outcome = await this.#ask(block, signal);
    switch (outcome.kind) {
      case "answered":
        this.#isAnswered = true;
        this.#options.unit.answers++;
        return;
      case "refused":
        this.#refused(block, outcome.code);
        return;
      case "silent":
        this.#isSilent = true;
        this.#isComplete = false;
        this.#rows.fail(block.runs, Status.BadNoCommunication);
        return;
      case "doubtful":
        this.#isComplete = false;
        this.#rows.fail(block.runs, Status.BadNoCommunication);
    }
  }

  /** Asks once more where the device is busy. */
  async #ask(block: CompiledBlock, signal: AbortSignal): Promise<Outcome> {
    const { transport, clock } = this.#options;
    const outcome = await transport.read(block.request, block);
    if (outcome.kind !== "refused" || !isBusy(outcome.code)) return outcome;
    await sleep(clock, BUSY_PAUSE_MS, signal);
    return transport.read(block.request, block);
  }

  #refused(block: CompiledBlock, code: number): void {
    this.#rows.fail(block.runs, statusOfException(code));
    if (isUnanswered(code)) {
      this.#isSilent = true;
      this.#isComplete = false;
      return;
    }
    this.#isAnswered = true;
    if (!isAddressSpecific(code)) {
      this.#isComplete = false;
      return;
    }
    this.#wasRefused = true;
    this.#halve(block, code);
  }

  /** Puts the halves in the block's place, and reads them now as long as this poll may read more. */
  #halve(block: CompiledBlock, code: number): void {
    const { unit, clock } = this.#options;
    const halves = this.#teacher
      .refuse(block, code, unit.answers, clock.monotonic())
      ?.map((half) => this.#compile(half));
    if (halves === undefined) return;
    const at = this.#blocks.indexOf(block);
    this.#blocks.splice(at, 1, ...halves);
    if (at < this.#next) this.#next += halves.length - 1;
    this.#searchReads += halves.length;
    if (this.#searchReads <= SEARCH_READS_MAX) this.#halves.push(...halves.toReversed());
    else this.#isComplete = false;
  }

  async #retryQuarantined(signal: AbortSignal): Promise<void> {
    const { clock, unit } = this.#options;
    const entry = this.#teacher.dueForRetry(clock.monotonic());
    if (entry === null || this.#isSilent) return;
    const outcome = await this.#ask(this.#compile({ ...entry.block, splits: [] }), signal);
    if (outcome.kind === "answered") {
      unit.answers++;
      this.#isAnswered = true;
      this.#teacher.reinstate(entry);
      this.#log(entry.block, Status.Good, "the device answers for these tags again");
      this.#plan();
    } else if (outcome.kind !== "doubtful") {
      const status = outcome.kind === "refused" ? statusOfException(outcome.code) : entry.status;
      this.#teacher.postpone(entry, status, clock.monotonic());
    }
  }

  #conclude(): void {
    const { unit, clock } = this.#options;
    if (!this.#wasRefused && this.#blocks.every((block) => block.splits.length === 0)) {
      if (this.#isComplete) this.#teacher.noteNoRefusal();
      return;
    }
    const known = this.#teacher.quarantined.length;
    if (this.#teacher.conclude(unit.answers, this.#isComplete, clock.monotonic())) this.#plan();
    else
      this.#blocks = this.#blocks.filter(
        (block) => !block.tags.some((tag) => this.#teacher.isQuarantined(tag)),
      );
    for (const { block, status } of this.#teacher.quarantined.slice(known))
      this.#log(block, status, "the device refuses these tags: they are left out and tried again later");
  }

  #log({ table, address, quantity, tags }: Block, status: StatusCode, sentence: string): void {
    const { group, log } = this.#options;
    const ids = tags.map((tag) => tag.id);
    log.warn({ device: group.device, table, address, quantity, tags: ids, status }, sentence);
  }
}
