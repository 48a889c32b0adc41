import type { Plant } from "../../config/plant.ts";
import type { Reading, ReadingValue } from "../../domain/batch.ts";
import type { AuditAction } from "../../domain/people.ts";
import type { Driver, SingleAccess } from "../../domain/ports.ts";
import type { Tag } from "../../domain/tag.ts";
import type { Clock } from "../../domain/time.ts";
import { WriteRefusal } from "../../domain/write.ts";
import type {
  PreparedWrite,
  TagCommand,
  WriteDesk,
  WriteOutcomeKind,
  Writer,
  WriteReport,
  WriteRole,
  WriteWish,
} from "../../domain/write.ts";
import { commandJudge } from "./commands.ts";
import { execute } from "./execution.ts";
import { createGuard } from "./guard.ts";
import type { Granted, Guard } from "./guard.ts";
import type { RateLimits } from "./rate-limits.ts";
import { createTickets } from "./tickets.ts";
import type { Tickets } from "./tickets.ts";
import { createTrail } from "./trail.ts";
import type { Trail, TrailEntry, TrailOptions } from "./trail.ts";

export interface WritesOptions extends Pick<TrailOptions, "journal" | "log"> {
  readonly plant: Pick<Plant, "tags" | "writes">;
  readonly image: { readonly reading: (index: number) => Reading };
  /** The driver of a link may become another. */
  readonly links: readonly { readonly driver: Pick<Driver, "groups" | "single"> }[];
  /** They outlive a change of the plant: nobody may write more often by changing it. */
  readonly rates: RateLimits;
  /** The plant's time, in which periods are told. */
  readonly clock: Clock;
  /** The time of people and brokers. */
  readonly sinkClock: Clock;
}

export interface Writes {
  readonly desk: WriteDesk;
  /** Takes what a host sends by way of an output; `role` is what that output's hosts may do, null for nothing. */
  readonly command: (output: string, role: WriteRole | null, command: TagCommand) => void;
  /** Ends what is under way. */
  close(): Promise<void>;
}

const ACTIONS: Readonly<Record<WriteOutcomeKind, AuditAction>> = {
  confirmed: "write-confirmed",
  "not-confirmed": "write-not-confirmed",
  refused: "write-rejected",
};

/** What may be written, by whom, when: one guard for people at the page, programs, and hosts behind a broker. */
export function openWrites(options: WritesOptions): Writes {
  const { plant, sinkClock } = options;
  const room = new WriteRoom(options);
  const judge = commandJudge(plant.tags, sinkClock);
  return {
    desk: {
      rules: plant.writes ?? [],
      prepare: (by, wish) => room.prepare(by, wish),
      confirm: (by, tag, token) => room.confirm(by, tag, token),
    },
    command(output, role, command) {
      const by = {
        name: `sparkplug:${output}`,
        role: role ?? "viewer",
        session: output,
        address: null,
      } as const;
      const tag = plant.tags[command.tag ?? -1]?.id ?? command.name;
      const fault = role === null ? "This output takes no commands." : judge.faultOf(command);
      if (fault !== null) room.refuse(by, tag, command.value, fault);
      else if (room.write(by, { tag, value: command.value as number | boolean, reason: "DCMD" }))
        judge.taken(command);
    },
    close: () => room.close(),
  };
}

class WriteRoom {
  readonly #options: WritesOptions;
  readonly #tags: ReadonlyMap<string, Tag>;
  readonly #accessOf: ReadonlyMap<string, () => SingleAccess>;
  readonly #rates: RateLimits;
  readonly #admit: Guard;
  readonly #trail: Trail;
  readonly #tickets: Tickets;
  readonly #stopping = new AbortController();
  readonly #busy = new Map<string, Promise<WriteReport>>();

  constructor(options: WritesOptions) {
    const { plant, image, links, rates, sinkClock } = options;
    this.#options = options;
    this.#accessOf = new Map(
      links.flatMap((link) =>
        link.driver.groups.map(({ device }) => [device, () => link.driver.single] as const),
      ),
    );
    this.#rates = rates;
    const { reading } = image;
    this.#tags = new Map(plant.tags.map((tag) => [tag.id, tag]));
    this.#admit = createGuard({ tags: this.#tags, rules: plant.writes ?? [], reading, rates: this.#rates });
    this.#trail = createTrail({ ...options, clock: sinkClock });
    this.#tickets = createTickets(sinkClock);
  }

  prepare(by: Writer, wish: WriteWish): PreparedWrite {
    return this.#audited(by, wish, () => {
      const { before, held } = this.#admit(by, wish.tag, wish.value);
      return this.#tickets.issue(by, wish, before, held.value);
    });
  }

  async confirm(by: Writer, tag: string, token: string): Promise<WriteReport> {
    const wish = this.#tickets.redeem(by, tag, token);
    if (wish !== null) return this.#audited(by, wish, () => this.#begin(by, wish));
    const message = "This confirmation has been used, has expired, or is somebody else's.";
    this.refuse(by, tag, null, message);
    throw new WriteRefusal("expired", message);
  }

  /** In one step, for who cannot be asked to confirm. False when it is refused; what becomes of it is in the audit. */
  write(by: Writer, wish: WriteWish): boolean {
    try {
      void this.#audited(by, wish, () => this.#begin(by, wish));
      return true;
    } catch (error) {
      if (error instanceof WriteRefusal) return false;
      throw error;
    }
  }

  refuse(by: Writer, subject: string, after: ReadingValue, reason: string): void {
    const tag = this.#tags.get(subject);
    const before = tag === undefined ? null : this.#options.image.reading(tag.index).value;
    this.#trail.refused({ by, subject, before, after, reason });
  }

  async close(): Promise<void> {
    this.#stopping.abort(new Error("The gateway is being stopped."));
    await Promise.all(this.#busy.values());
    this.#trail.close();
  }

  /** Whatever speaks against it is in the audit before it is told. */
  #audited<T>(by: Writer, { tag, value, reason }: WriteWish, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof WriteRefusal) this.refuse(by, tag, value, `${error.message} (${reason})`);
      throw error;
    }
  }

  /** Everything up to the moment of writing happens at once, so that nothing can come between check and act. Never rejects. */
  #begin(by: Writer, wish: WriteWish): Promise<WriteReport> {
    const granted = this.#admit(by, wish.tag, wish.value);
    const { tag, rule, held, before } = granted;
    const access = this.#accessOf.get(tag.device)?.();
    if (this.#busy.has(tag.id)) throw new WriteRefusal("busy", `${tag.id} is being written at this moment.`);
    if (access === undefined) throw new WriteRefusal("not-known", `There is no way to ${tag.device}.`);
    const entry = { by, subject: tag.id, before, after: held.value, reason: wish.reason };
    this.#trail.sent(entry);
    this.#rates.note(rule);
    const running = this.#run(granted, access, entry);
    this.#busy.set(tag.id, running);
    return running;
  }

  async #run(granted: Granted, access: SingleAccess, entry: TrailEntry): Promise<WriteReport> {
    const { plant, clock } = this.#options;
    let report: WriteReport;
    try {
      report = await execute(granted, access, plant.tags, clock, this.#stopping.signal);
    } catch (error) {
      report = interrupted(granted, error);
    }
    this.#busy.delete(granted.tag.id);
    this.#trail.ended(ACTIONS[report.outcome], withOutcome(entry, report));
    return report;
  }
}

/** Nobody waits for the device any more. */
function interrupted({ tag, held, before }: Granted, error: unknown): WriteReport {
  const detail = error instanceof Error ? error.message : String(error);
  return {
    tag: tag.id,
    outcome: "not-confirmed",
    before,
    after: held.value,
    found: null,
    detail,
    said: null,
  };
}

function withOutcome(entry: TrailEntry, { outcome, found, detail }: WriteReport): TrailEntry {
  if (outcome === "confirmed") return entry;
  const holds = found === null ? "the device could not be read" : `the device holds ${String(found)}`;
  return { ...entry, reason: `${detail ?? holds} (${entry.reason})` };
}
