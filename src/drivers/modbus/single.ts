import { say } from "../../domain/said.ts";
import type { SingleAccess, SingleRead, WriteOutcome } from "../../domain/ports.ts";
import { Status } from "../../domain/status.ts";
import type { Tag } from "../../domain/tag.ts";
import type { Clock } from "../../domain/time.ts";
import { ConnectionLost } from "../../domain/errors.ts";
import { encodeRaw } from "./encoding.ts";
import { refusalSentence, statusOfException } from "./faults.ts";
import type { Unit } from "./group.ts";
import type { LinkTiming } from "./line.ts";
import { dataBytesOf, isBitTable, planReads } from "./plan.ts";
import { modbusSource } from "./registers.ts";
import { writeRequest } from "./request.ts";
import { GroupRows } from "./rows.ts";
import type { Outcome } from "./slots.ts";
import type { Transport } from "./transport.ts";

export interface SingleOptions {
  readonly transport: Transport;
  readonly timing: LinkTiming;
  readonly clock: Clock;
  readonly unitOf: (tag: Tag) => Unit;
}

/** Reads and writes of one tag, each one request that waits in the queue of its connection like those of the polls. */
export function createSingleAccess(options: SingleOptions): SingleAccess {
  return {
    read: (tag, signal) => readOne(options, tag, signal),
    write: (tag, raw, signal) => writeOne(options, tag, raw, signal),
  };
}

async function readOne(
  { transport, timing, clock, unitOf }: SingleOptions,
  tag: Tag,
  signal: AbortSignal,
): Promise<SingleRead> {
  const { unit, limits } = unitOf(tag);
  const rows = new GroupRows([tag], clock);
  const runs = rows.runsOf([tag]);
  const [block] = planReads([tag], limits, timing).blocks;
  if (block === undefined) {
    rows.fail(runs, Status.BadConfiguration);
    return { batch: rows.batch, wire: "" };
  }
  const owner = {};
  const compiled = rows.compile({ ...block, splits: [] }, unit, owner);
  let wire = "";
  const accept = (view: DataView, at: number): void => {
    compiled.accept(view, at);
    wire = hexOf(view, at, dataBytesOf(block.table, block.quantity), isBitTable(block.table));
  };
  const outcome = await transport.during(signal, owner, () =>
    transport.read(compiled.request, { owner, accept }),
  );
  if (outcome.kind === "refused") rows.fail(runs, statusOfException(outcome.code));
  else if (outcome.kind !== "answered") rows.fail(runs, Status.BadNoCommunication);
  return { batch: rows.batch, wire };
}

async function writeOne(
  { transport, unitOf }: SingleOptions,
  tag: Tag,
  raw: number | bigint,
  signal: AbortSignal,
): Promise<WriteOutcome> {
  const { unit, limits } = unitOf(tag);
  const request = writeRequest(unit, modbusSource(tag), encodeRaw(tag, raw), limits.writesMultiple);
  const owner = {};
  try {
    const outcome = await transport.during(signal, owner, () =>
      transport.read(request, { owner, accept: () => undefined }),
    );
    return outcomeOf(outcome);
  } catch (error) {
    if (error instanceof ConnectionLost) return { kind: "unknown", reason: error.said };
    throw error;
  }
}

function outcomeOf(outcome: Outcome): WriteOutcome {
  switch (outcome.kind) {
    case "answered":
      return { kind: "taken" };
    case "refused":
      return { kind: "refused", reason: refusalSentence(outcome.code) };
    case "silent":
      return { kind: "unknown", reason: say("device-silent") };
    case "doubtful":
      return { kind: "unknown", reason: say("device-unclear") };
  }
}

/** Registers in groups of four digits; bits in bytes. */
function hexOf(view: DataView, at: number, bytes: number, isBits: boolean): string {
  const digits = Buffer.from(view.buffer, view.byteOffset + at, bytes)
    .toString("hex")
    .toUpperCase();
  return (digits.match(isBits ? /../gu : /..../gu) ?? []).join(" ");
}
