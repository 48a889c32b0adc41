/** A mass over a period with its standard uncertainty, in any one unit. */
export interface Amount {
  readonly value: number;
  readonly u: number;
}

export interface Closure {
  /** (out − in) / in, %. */
  readonly percent: number;
  /** Standard uncertainty of it, percentage points. */
  readonly u: number;
}

/** How far what leaves a node differs from what enters it, before anything is reconciled. Errors of different streams are
 *  taken as independent. Null while nothing enters. Source: first-order propagation, JCGM 100:2008, 5.1.2. */
export function closureOf(entering: readonly Amount[], leaving: readonly Amount[]): Closure | null {
  const [inTotal, outTotal] = [totalOf(entering), totalOf(leaving)];
  if (!(inTotal.value > 0)) return null;
  const percent = (100 * (outTotal.value - inTotal.value)) / inTotal.value;
  const ofOut = outTotal.u / inTotal.value;
  const ofIn = (outTotal.value * inTotal.u) / inTotal.value ** 2;
  return { percent, u: 100 * Math.hypot(ofOut, ofIn) };
}

function totalOf(amounts: readonly Amount[]): Amount {
  return {
    value: amounts.reduce((sum, { value }) => sum + value, 0),
    u: Math.sqrt(amounts.reduce((sum, { u }) => sum + u * u, 0)),
  };
}

/** Gold that a stream carries, g: dry tonnes times grade in g/t. Source: first-order propagation, JCGM 100:2008, 5.1.2. */
export function goldCarried(solidsT: Amount, gradeGPerT: Amount): Amount {
  return {
    value: solidsT.value * gradeGPerT.value,
    u: Math.hypot(gradeGPerT.value * solidsT.u, solidsT.value * gradeGPerT.u),
  };
}
