import type { Lines } from "./line.ts";
import type { Verdict } from "./reply.ts";

/** A line that the server will never take. */
export interface RefusedLine {
  readonly line: number;
  readonly reason: string;
}

type Post = (bytes: Uint8Array) => Promise<Exclude<Verdict, { kind: "no-database" }>>;

/** Writes all lines and finds those that the server refuses: halves a request that is too large, and searches a request
 *  with bad lines by halves until they stand alone. Sending a good line again is harmless. Of n lines with one bad
 *  among them about 2n lines and 2·log2(n) requests go out. */
export async function writeLines(lines: Lines, post: Post): Promise<readonly RefusedLine[]> {
  const refused: RefusedLine[] = [];
  await writeRange(lines, 0, lines.count, post, refused);
  return refused;
}

/** Resolves with the number of lines refused in the range. */
async function writeRange(
  lines: Lines,
  from: number,
  to: number,
  post: Post,
  refused: RefusedLine[],
): Promise<number> {
  const verdict = await post(lines.bytes.subarray(lines.starts[from], lines.starts[to]));
  if (verdict.kind === "stored") return 0;
  if (verdict.kind === "too-large")
    return halve(lines, from, to, post, refused, "the line alone is larger than the server takes", null);
  const named = verdict.named?.filter(({ line }) => from + line < to) ?? [];
  if (named.length === 0) return halve(lines, from, to, post, refused, verdict.reason, verdict.refused);
  for (const { line, reason } of named) refused.push({ line: from + line, reason });
  return named.length;
}

/** `expected`: how many lines of the range are bad while the others are stored already; null when unknown. */
async function halve(
  lines: Lines,
  from: number,
  to: number,
  post: Post,
  refused: RefusedLine[],
  reason: string,
  expected: number | null,
): Promise<number> {
  if (to - from === 1 || expected === to - from) {
    for (let line = from; line < to; line++) refused.push({ line, reason });
    return to - from;
  }
  const middle = (from + to) >>> 1;
  const left = await writeRange(lines, from, middle, post, refused);
  if (left === expected) return left;
  return left + (await writeRange(lines, middle, to, post, refused));
}
