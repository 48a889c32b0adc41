import { textOf } from "./said.ts";
import type { Said } from "./said.ts";

/** Four kinds of trouble, four treatments: a bad reading is data; a lost link is caught in one place and retried;
 *  a bad configuration is collected and printed; anything else is a bug and ends the process. Match on `code`, never on text. */

/** What is told to people in their language; the message is its English. */
export abstract class ToldError extends Error {
  abstract readonly code: string;
  readonly said: Said;

  constructor(said: Said, options?: ErrorOptions) {
    super(said.sentence, options);
    this.said = said;
  }
}

/** The link to a device or to a sink is gone. Caught by the scanner and the forwarder, which back off and connect again. */
export class ConnectionLost extends ToldError {
  readonly code = "CONNECTION_LOST";
}

/** The sink asks us to wait. */
export class Throttled extends ToldError {
  readonly code = "THROTTLED";
  readonly retryAfterMs: number;

  constructor(said: Said, retryAfterMs: number, options?: ErrorOptions) {
    super(said, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** One thing wrong in a YAML file. Line and column count from 1. */
export interface Fault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Where in the document, dotted: `devices.P1.unit`. */
  readonly path: string;
  /** What is wrong and what to do: of plant files in every language of the page, of files that the gateway writes itself in
   *  English. */
  readonly told: Said | string;
}

/** Everything wrong with the configuration, collected in one run. */
export class BadConfiguration extends Error {
  readonly code = "BAD_CONFIGURATION";
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map(describeFault).join("\n"));
    this.faults = faults;
  }
}

export function describeFault(fault: Fault): string {
  return `${placeOf(fault)}: ${textOf(fault.told)}`;
}

/** `plant.yaml:12:3 devices.P1.unit` */
export function placeOf({ file, line, column, path }: Fault): string {
  return `${file}:${line}:${column} ${path}`;
}
