import type { Said } from "../../domain/said.ts";
import { createConditioner } from "../../conditioning/conditioner.ts";
import { readingAt } from "../../domain/batch.ts";
import type { ReadingValue } from "../../domain/batch.ts";
import { ConnectionLost } from "../../domain/errors.ts";
import type { SingleAccess, SingleRead } from "../../domain/ports.ts";
import { isBad } from "../../domain/status.ts";
import type { Tag } from "../../domain/tag.ts";
import { sleep } from "../../domain/time.ts";
import type { Clock } from "../../domain/time.ts";
import type { WriteReport } from "../../domain/write.ts";
import type { Granted } from "./guard.ts";

/** A controller shows what it was told after its own cycle: it is asked again after a tenth of the period, within these, ms. */
const AGAIN_MS = { least: 50, most: 500 };
/** Two periods, but nobody waits at the page for longer than this, ms. */
const READ_BACK_MS_MAX = 20_000;

/** Writes once, and reads until the device holds the value or two periods are over. A write that was not answered is not
 *  repeated: what the device then holds tells what became of it. */
export async function execute(
  granted: Granted,
  access: SingleAccess,
  tags: readonly Tag[],
  clock: Clock,
  signal: AbortSignal,
): Promise<WriteReport> {
  const { tag, held, before } = granted;
  const outcome = await access.write(tag, held.raw, signal);
  const report = { tag: tag.id, before, after: held.value };
  if (outcome.kind === "refused")
    return { ...report, outcome: "refused", found: before, ...told(outcome.reason) };
  const { isHeld, found } = await readBack(granted, access, tags, clock, signal);
  return {
    ...report,
    outcome: isHeld ? "confirmed" : "not-confirmed",
    found,
    ...told(outcome.kind === "unknown" ? outcome.reason : null),
  };
}

function told(reason: Said | string | null): Pick<WriteReport, "detail" | "said"> {
  return typeof reason === "object" && reason !== null
    ? { detail: reason.sentence, said: reason }
    : { detail: reason, said: null };
}

async function readBack(
  { tag, held }: Granted,
  access: SingleAccess,
  tags: readonly Tag[],
  clock: Clock,
  signal: AbortSignal,
): Promise<{ isHeld: boolean; found: ReadingValue }> {
  const until = clock.monotonic() + Math.min(2 * tag.periodMs, READ_BACK_MS_MAX);
  const pauseMs = Math.min(Math.max(tag.periodMs / 10, AGAIN_MS.least), AGAIN_MS.most);
  let last: SingleRead | null = null;
  for (;;) {
    const read = await once(access, tag, signal);
    if (read !== null && holds(read, held.raw)) return { isHeld: true, found: held.value };
    last = read ?? last;
    if (clock.monotonic() + pauseMs > until)
      return { isHeld: false, found: last === null ? null : valueIn(last, tags, clock) };
    await sleep(clock, pauseMs, signal);
  }
}

/** Null when the link is down. */
async function once(access: SingleAccess, tag: Tag, signal: AbortSignal): Promise<SingleRead | null> {
  try {
    return await access.read(tag, signal);
  } catch (error) {
    if (error instanceof ConnectionLost) return null;
    throw error;
  }
}

/** Bit for bit: what was written is what must come back. */
function holds({ batch }: SingleRead, raw: number | bigint): boolean {
  if (isBad(batch.status[0] ?? 0)) return false;
  return typeof raw === "bigint" ? batch.exact.get(0) === raw : batch.value[0] === raw;
}

function valueIn({ batch }: SingleRead, tags: readonly Tag[], clock: Clock): ReadingValue {
  createConditioner(tags).apply(batch, clock.monotonic());
  return readingAt(batch, 0, tags).value;
}
