/** Results of figures whose short name is no word that people read. */
const NAMES: Readonly<Record<string, string>> = {
  wio: "operating work index",
  bond: "by Bond",
  perDay: "per day",
  inBand: "within the band",
  makeUp: "make-up",
  headTails: "by head and tails",
  factor: "call factor",
  twa: "average over the working day (TWA)",
  stel: "short exposure (STEL)",
};

/** A result of a figure as people read it. */
export function resultName(result: string): string {
  return NAMES[result] ?? result;
}
