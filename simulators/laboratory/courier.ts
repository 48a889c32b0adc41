import type { EpochMs } from "../../src/domain/time.ts";
import { assaysCsv } from "./assay.ts";
import type { Assay } from "./assay.ts";
import type { Count } from "./count.ts";
import { ask, hand, wayWith } from "./gateway-post.ts";
import type { Refusal } from "./gateway-post.ts";
import { askWhatIsKnown } from "./known-results.ts";
import type { KnownResults } from "./known-results.ts";

/** Hands results over to a gateway as a laboratory's system does: the lines of its export, again and again until they are
 *  taken. */
export interface Courier {
  /** What the gateway has taken so far; what it refused, and why. */
  readonly account: CourierAccount;
  /** Hands over what is new among all that has been reported and counted, in the background. */
  deliver(reported: readonly Assay[], counts: readonly Count[]): void;
}

export interface CourierAccount {
  taken: number;
  refused: number;
  /** The last sentence of a gateway that refused something or could not be reached. */
  lastTrouble: string | null;
}

/** Lines in one file at most. */
const LINES_MAX = 1_000;
/** A CSV file has a line of heads. */
const FIRST_ROW = { csv: 2, json: 1 } as const;

const MASS = "AY-954";
const FINENESS = "AY-955";

/** `url` is the gateway's, such as http://127.0.0.1:8080. Results of samples that were cut within `past` are handed over only as
 *  far as the gateway, asked once, has none of that point and cut: another run of the plant has left those there. `signal` ends
 *  what is under way. `token` is shown to a gateway that has accounts. */
export function createCourier(
  url: string,
  past: { readonly from: EpochMs; readonly to: EpochMs },
  signal: AbortSignal,
  refused: (sentence: string) => void = () => {},
  token: string | null = null,
): Courier {
  const way = wayWith(token, signal);
  const account: CourierAccount = { taken: 0, refused: 0, lastTrouble: null };
  const post = (path: string, type: string, body: string): Promise<Refusal | null> =>
    hand(`${url}/api/v1/${path}`, type, body, way);
  const assays = createPile<Assay>(
    FIRST_ROW.csv,
    (one) => one,
    (some) => post("assays.csv", "text/csv", assaysCsv(some)),
  );
  const counts = createPile<Count>(
    FIRST_ROW.json,
    (one) => one,
    (some) => post("stocktakes", "application/json", JSON.stringify(some.map(stocktakeOf))),
  );
  const bars = createPile<Bar>(
    FIRST_ROW.json,
    ({ mass }) => mass,
    (some) => post("pours", "application/json", JSON.stringify(some.map(pourOf))),
  );
  let known: KnownResults | null = null;
  let isUnderWay = false;

  function note({ refusal }: Outcome): void {
    if (refusal === null) return;
    account.lastTrouble = refusal.sentence;
    refused(refusal.sentence);
  }

  async function carry(reported: readonly Assay[], counted: readonly Count[]): Promise<void> {
    const before = (known ??= await askWhatIsKnown((path) => ask(`${url}${path}`, way), past));
    const wanted = reported.filter(({ tag, cutToMs }) => !before.hasResult(tag, cutToMs));
    note(await counts.hand(counted.filter(({ shiftEnd }) => !before.hasCut(shiftEnd))));
    const outcome = await assays.hand(wanted);
    account.taken += outcome.taken;
    account.refused += outcome.refused;
    note(outcome);
    note(await bars.hand(barsOf(wanted)));
  }

  return {
    account,
    deliver(reported, counted) {
      if (isUnderWay || signal.aborted) return;
      isUnderWay = true;
      carry(reported, counted)
        .catch((error: Error) => {
          // The gateway is away: nothing counts as handed over, and the next visit tries again.
          account.lastTrouble = error.message;
        })
        .finally(() => {
          isUnderWay = false;
        });
    },
  };
}

interface Outcome {
  readonly taken: number;
  readonly refused: number;
  readonly refusal: Refusal | null;
}

const NOTHING: Outcome = { taken: 0, refused: 0, refusal: null };

/** Remembers of one kind of thing what has been handed over. What was refused would be refused again: it is left out, and the
 *  rest goes without it the next time. */
function createPile<T>(
  firstRow: number,
  tokenOf: (one: T) => object,
  send: (some: readonly T[]) => Promise<Refusal | null>,
) {
  const done = new WeakSet<object>();
  return {
    async hand(all: readonly T[]): Promise<Outcome> {
      const fresh = all.filter((one) => !done.has(tokenOf(one))).slice(0, LINES_MAX);
      if (fresh.length === 0) return NOTHING;
      const refusal = await send(fresh);
      const faulty = fresh.filter((_, i) => refusal?.rows.has(i + firstRow));
      const settled = faulty.length > 0 ? faulty : fresh;
      for (const one of settled) done.add(tokenOf(one));
      return refusal === null
        ? { taken: settled.length, refused: 0, refusal }
        : { taken: 0, refused: settled.length, refusal };
    },
  };
}

/** A bar whose mass and fineness are both there. */
interface Bar {
  readonly mass: Assay;
  readonly fineness: number;
}

function barsOf(reported: readonly Assay[]): Bar[] {
  const finenesses = new Map(
    reported.filter(({ tag }) => tag === FINENESS).map(({ sample, value }) => [sample, value]),
  );
  return reported.flatMap((mass) => {
    const fineness = mass.tag === MASS ? finenesses.get(mass.sample) : undefined;
    return fineness === undefined ? [] : [{ mass, fineness }];
  });
}

function pourOf({ mass, fineness }: Bar) {
  return { ref: mass.sample, at: iso(mass.cutToMs), doreG: mass.value, fineness };
}

function stocktakeOf({ at, component, goldG, uG }: Count) {
  return { at: iso(at), component, goldG, uG };
}

function iso(time: EpochMs): string {
  return new Date(time).toISOString();
}
