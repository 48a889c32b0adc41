import { BadConfiguration } from "../../domain/errors.ts";

/** A file of the historian that this program must not touch; the sentence says why and what to do. */
export function refused(file: string, sentence: string): BadConfiguration {
  return new BadConfiguration([{ file, line: 1, column: 1, path: "historian", told: sentence }]);
}
