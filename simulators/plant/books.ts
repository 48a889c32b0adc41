import type { Flowsheet } from "./flowsheet.ts";
import { bookLine } from "./truth.ts";
import type { BookLine } from "./truth.ts";

/** The books of the past, a line a minute, so that what happened in any window is one subtraction. */
export interface Books {
  /** Writes the line of this second when it is due. */
  keep(sheet: Flowsheet): void;
  /** The line of a time: exact on full minutes and now, in between on the straight line. Throws RangeError for times that lie
   *  in the future or further back than the books go. */
  at(timeS: number, sheet: Flowsheet): BookLine;
}

const LINE_EVERY_S = 60;
/** Six weeks. */
const LINES_MAX = 60_480;

export function createBooks(start: Flowsheet): Books {
  const lines = [bookLine(start)];
  const firstS = start.timeS;
  let count = 1;

  function line(number: number): BookLine | undefined {
    return number < count && number >= count - LINES_MAX ? lines[number % LINES_MAX] : undefined;
  }

  return {
    keep(sheet) {
      if ((sheet.timeS - firstS) % LINE_EVERY_S !== 0) return;
      lines[count % LINES_MAX] = bookLine(sheet);
      count += 1;
    },
    at(timeS, sheet) {
      if (timeS === sheet.timeS) return bookLine(sheet);
      const number = Math.floor((timeS - firstS) / LINE_EVERY_S);
      const before = line(number);
      if (before === undefined || !(timeS >= firstS && timeS < sheet.timeS))
        throw new RangeError(`The books do not reach to ${timeS} s; it is ${sheet.timeS} s now.`);
      const beforeS = firstS + number * LINE_EVERY_S;
      const after = line(number + 1);
      const spanS = after === undefined ? sheet.timeS - beforeS : LINE_EVERY_S;
      const share = (timeS - beforeS) / spanS;
      const next = after ?? bookLine(sheet);
      return share === 0 ? before : before.map((value, i) => value + share * ((next[i] as number) - value));
    },
  };
}
