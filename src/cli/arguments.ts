import { parseArgs } from "node:util";
import type { ParseArgsConfig } from "node:util";

/** A command of `puma`: takes its words, returns the exit code. */
export type Command = (args: readonly string[]) => Promise<number>;

/** The command line itself is wrong; the message says how. */
export class UsageError extends Error {
  readonly code = "USAGE";
}

interface Words {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
}

/** Splits words into options and the rest. Throws UsageError on an unknown option or a wrong number of the rest; a last name
 *  that ends in `…` stands for one or more. */
export function readArguments(
  args: readonly string[],
  options: NonNullable<ParseArgsConfig["options"]>,
  positionals: readonly string[],
): Words {
  const words = parse(args, options);
  const missing = positionals[words.positionals.length];
  if (missing !== undefined && !missing.startsWith("[")) throw new UsageError(`${missing} is missing.`);
  if (positionals.at(-1)?.endsWith("…") === true) return words;
  const extra = words.positionals[positionals.length];
  if (extra !== undefined) throw new UsageError(`"${extra}" is one word too many.`);
  return words;
}

function parse(args: readonly string[], options: NonNullable<ParseArgsConfig["options"]>): Words {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
    });
    return { values: values as Words["values"], positionals };
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

/** The number of an option, or `fallback` when it is absent. Throws UsageError outside `low` … `high`. */
export function numberOption(
  words: Words,
  name: string,
  low: number,
  high: number,
  fallback: number,
): number {
  const text = words.values[name];
  if (typeof text !== "string") return fallback;
  const number = Number(text);
  if (!(number >= low && number <= high))
    throw new UsageError(`--${name} takes a number from ${low} to ${high}, not "${text}".`);
  return number;
}
