import { batchOfLetters } from "./dead-letters.ts";
import type { DeadLetter } from "./dead-letters.ts";
import type { Portion } from "./portion.ts";

/** Dead letters on their way to an output once more. */
export interface LetterLane {
  /** `done` of the letters have been delivered, and `note` is told of each portion that follows. */
  begin(letters: readonly DeadLetter[], done: number, note: (done: number) => void): void;
  isEmpty(): boolean;
  /** The next so many. */
  portion(lettersMax: number): Portion;
  /** The sink has the portion that ended before `to`. */
  settle(to: number): void;
}

export function createLetterLane(indexOf: ReadonlyMap<string, number>): LetterLane {
  let letters: readonly DeadLetter[] = [];
  let done = 0;
  let tell: (done: number) => void = () => undefined;
  return {
    begin(all, already, note) {
      letters = all;
      done = already;
      tell = note;
    },
    isEmpty: () => done >= letters.length,
    portion(lettersMax) {
      const next = letters.slice(done, done + lettersMax);
      const batch = batchOfLetters(next, indexOf);
      batch.isHistory = true;
      return { lane: "replay", from: done, to: done + next.length, batch };
    },
    settle(to) {
      done = to;
      tell(to);
    },
  };
}
