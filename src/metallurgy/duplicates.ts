/** One result with the standard uncertainty that is usual for results of its kind. */
export interface Replicate {
  readonly value: number;
  readonly u: number;
}

/** For how many replicates of its own the usual uncertainty counts: it was found on many pairs, a sample has two. */
const USUAL_DEGREES = 8;

/** Mean of replicate results of one sample, and its standard uncertainty: the scatter of the replicates themselves, pooled
 *  with the usual uncertainty as if that had been found on so many replicates, over the root of their number. Where nothing
 *  is usual their own scatter decides alone. Null when there are none. Source: pooled variance, ISO 5725-2; JCGM 100 4.2. */
export function meanOfReplicates(replicates: readonly Replicate[]): Replicate | null {
  const count = replicates.length;
  if (count === 0) return null;
  const mean = replicates.reduce((sum, { value }) => sum + value, 0) / count;
  const own = replicates.reduce((sum, { value }) => sum + (value - mean) ** 2, 0);
  const usual = replicates.reduce((sum, { u }) => sum + u * u, 0) / count;
  if (count === 1) return { value: mean, u: Math.sqrt(usual) };
  const variance =
    usual === 0 ? own / (count - 1) : (USUAL_DEGREES * usual + own) / (USUAL_DEGREES + count - 1);
  return { value: mean, u: Math.sqrt(variance / count) };
}
