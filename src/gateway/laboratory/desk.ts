import type { Metallurgy } from "../../config/metallurgy.ts";
import type { Assay, AssayDesk, AssayDraft, AssayReceipt, InputFault } from "../../domain/assay.ts";
import { RefusedInput } from "../../domain/assay.ts";
import type { Clock, EpochMs } from "../../domain/time.ts";
import type { Journal } from "../../store/journal/journal.ts";
import { CONTROLS_REACH_MS, judgeControls } from "./controls.ts";
import { isControl, readDraft } from "./reading.ts";
import type { ReadAssay, ReadingContext } from "./reading.ts";
import { standingOf } from "./revisions.ts";

/** A sampling point has another value than before in a stretch of time. */
export interface AssayChange {
  readonly point: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly by: string;
  readonly reason: string | null;
}

export interface DeskContext {
  readonly metallurgy: Metallurgy | undefined;
  readonly journal: Pick<Journal, "assays" | "durably">;
  readonly clock: Clock;
  /** Told within the transaction, so that what follows from a result is never forgotten. */
  readonly changed: (changes: readonly AssayChange[]) => void;
}

const NO_LABORATORY = { standards: {}, blankMax: Infinity };

/** Takes results of the laboratory into the journal. */
export function createAssayDesk(context: DeskContext): AssayDesk {
  const { metallurgy, journal, clock } = context;
  const points = metallurgy?.assays ?? [];
  const reading: Omit<ReadingContext, "now"> = {
    points: new Map(points.map((point) => [point.id, point])),
    laboratory: metallurgy?.laboratory ?? NO_LABORATORY,
  };
  return {
    points: points.map(({ id, title, unit }) => ({ id, title, unit })),
    list: (query) => journal.assays.list(query),
    controls: ({ from, to, rowsMax }) =>
      judgeControls(reading.laboratory, journal.assays.controlsWithin(from - CONTROLS_REACH_MS, to))
        .filter(({ assay }) => assay.cutFrom >= from)
        .map(({ assay, z, failure }) => ({ assay, z, failure: assay.state === "held" ? failure : null }))
        .slice(-rowsMax),
    take: (drafts, by) =>
      journal.durably(() => new Intake(context, { ...reading, now: clock.now() }, by).take(drafts)),
    release: (batch, by, reason) =>
      journal.durably(() => new Intake(context, { ...reading, now: clock.now() }, by).release(batch, reason)),
  };
}

/** One delivery, within one transaction. */
class Intake {
  readonly #context: DeskContext;
  readonly #reading: ReadingContext;
  readonly #by: string;
  readonly #faults: InputFault[] = [];
  readonly #changes: AssayChange[] = [];
  readonly #heldBatches = new Set<string>();

  constructor(context: DeskContext, reading: ReadingContext, by: string) {
    this.#context = context;
    this.#reading = reading;
    this.#by = by;
  }

  take(drafts: readonly AssayDraft[]): AssayReceipt {
    const counts = { added: 0, unchanged: 0, superseded: 0 };
    const added: Assay[] = [];
    for (const draft of [...drafts].sort((one, other) => (one.revision ?? 0) - (other.revision ?? 0))) {
      const read = readDraft(this.#reading, draft, this.#faults);
      if (read === null) continue;
      const outcome = this.#place(draft, read);
      if (outcome === null) continue;
      counts[outcome.as]++;
      if (outcome.assay !== null) added.push(outcome.assay);
    }
    if (this.#faults.length > 0) throw new RefusedInput(this.#faults.sort((a, b) => a.row - b.row));
    this.#judge(added);
    this.#context.changed(this.#changes);
    return { received: drafts.length, ...counts, heldBatches: [...this.#heldBatches] };
  }

  release(batch: string, reason: string): number {
    const held = this.#context.journal.assays.ofBatch(batch).filter(({ state }) => state === "held");
    for (const assay of held) this.#append({ ...assay, state: "accepted", reason });
    this.#context.changed(this.#changes);
    return held.length;
  }

  #place(
    draft: AssayDraft,
    read: ReadAssay,
  ): { as: "added" | "unchanged" | "superseded"; assay: Assay | null } | null {
    const known = this.#context.journal.assays.versionsOf(read.point, read.sample);
    const standing = standingOf(draft, read, known);
    if (standing.as === "refused") {
      this.#faults.push({ row: draft.row, column: "sample", ...standing.said });
      return null;
    }
    if (standing.as !== "added") return { as: standing.as, assay: null };
    const { version, revision } = standing;
    const before = known.at(-1);
    if (before !== undefined) this.#note(before, draft.reason);
    const told = { version: version - 1, revision, receivedAt: this.#reading.now, by: this.#by };
    return { as: "added", assay: this.#append({ ...read, ...told, reason: draft.reason }) };
  }

  /** Writes the next version of a result. */
  #append(last: Assay): Assay {
    const assay = { ...last, version: last.version + 1, receivedAt: this.#reading.now, by: this.#by };
    this.#context.journal.assays.append([assay]);
    this.#note(assay, assay.reason);
    return assay;
  }

  #note({ point, cutFrom, cutTo }: Assay, reason: string | null): void {
    if (point === "") return;
    this.#changes.push({ point, from: cutFrom, to: Math.max(cutTo, cutFrom + 1), by: this.#by, reason });
  }

  /** Holds back the batches whose standards or blanks fail, and new results in batches that are held already. */
  #judge(added: readonly Assay[]): void {
    const controls = added.filter(isControl);
    if (controls.length > 0) this.#judgeAround(controls);
    for (const batch of new Set(added.map((assay) => assay.batch))) this.#holdNew(batch, added);
  }

  /** A standard decides about itself and, as the one before, about the next. */
  #judgeAround(controls: readonly Assay[]): void {
    const first = Math.min(...controls.map(({ cutTo }) => cutTo));
    const known = this.#context.journal.assays.controlsWithin(first - CONTROLS_REACH_MS, Infinity);
    for (const { assay, failure } of judgeControls(this.#reading.laboratory, known)) {
      if (failure === null || assay.state !== "accepted" || assay.cutTo < first) continue;
      if (this.#wasReleased(assay)) continue;
      this.#append({ ...assay, state: "held", reason: `${assay.kind} ${assay.sample}: ${failure}` });
      if (assay.batch !== null) this.#holdBatch(assay.batch, `${assay.kind} ${assay.sample}: ${failure}`);
    }
  }

  #wasReleased({ point, sample, revision }: Assay): boolean {
    const versions = this.#context.journal.assays.versionsOf(point, sample);
    return versions.some((one) => one.revision === revision && one.state === "held");
  }

  #holdBatch(batch: string, reason: string): void {
    this.#heldBatches.add(batch);
    for (const assay of this.#context.journal.assays.ofBatch(batch))
      if (assay.state === "accepted" && !isControl(assay)) this.#append({ ...assay, state: "held", reason });
  }

  #holdNew(batch: string | null, added: readonly Assay[]): void {
    if (batch === null || this.#heldBatches.has(batch)) return;
    const all = this.#context.journal.assays.ofBatch(batch);
    const failed = all.find((assay) => isControl(assay) && assay.state === "held");
    if (failed === undefined) return;
    this.#heldBatches.add(batch);
    for (const assay of all)
      if (assay.state === "accepted" && !isControl(assay) && isAmong(added, assay))
        this.#append({ ...assay, state: "held", reason: failed.reason });
  }
}

function isAmong(some: readonly Assay[], { point, sample }: Assay): boolean {
  return some.some((one) => one.point === point && one.sample === sample);
}
