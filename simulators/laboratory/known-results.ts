import type { EpochMs } from "../../src/domain/time.ts";

/** What a gateway had heard of a stretch of time before a laboratory began to report to it. */
export interface KnownResults {
  /** Whether it has a result of a sampling point for samples whose cut ended then; without a point (standards and blanks), of
   *  any. */
  hasResult(point: string, cutTo: EpochMs): boolean;
  hasCut(cutTo: EpochMs): boolean;
}

/** Asks a gateway through `get`; rejects as that does. Nothing is known of a stretch without length. */
export async function askWhatIsKnown(
  get: (path: string) => Promise<unknown>,
  { from, to }: { readonly from: EpochMs; readonly to: EpochMs },
): Promise<KnownResults> {
  const stretch = `from=${Math.floor(from)}&to=${Math.ceil(to)}`;
  const listed = from < to ? await get(`/api/v1/assays?${stretch}`) : [];
  const results = listed as readonly { readonly point: string; readonly cutTo: string }[];
  const cuts = new Set(results.map(({ cutTo }) => Date.parse(cutTo)));
  const ofPoints = new Set(results.map(({ point, cutTo }) => nameOf(point, Date.parse(cutTo))));
  const hasCut = (cutTo: EpochMs): boolean => cuts.has(cutTo);
  return {
    hasCut,
    hasResult: (point, cutTo) => (point === "" ? hasCut(cutTo) : ofPoints.has(nameOf(point, cutTo))),
  };
}

function nameOf(point: string, cutTo: EpochMs): string {
  return `${point} ${cutTo}`;
}
