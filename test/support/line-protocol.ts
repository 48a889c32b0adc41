/** One line of line protocol, read by the rules of the InfluxDB documentation and nothing of ours. */
export interface ParsedLine {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, number | bigint | string>>;
  readonly time: number;
}

/** Throws on anything that is not exactly one line. */
export function parseLine(line: string): ParsedLine {
  const [series, fields, time, ...more] = splitOutside(line, " ");
  if (series === undefined || fields === undefined || time === undefined || more.length > 0)
    throw new Error(`Not three parts: ${line}`);
  const [measurement = "", ...tags] = splitOutside(series, ",");
  if (!/^\d+$/u.test(time)) throw new Error(`No time: ${line}`);
  return {
    measurement,
    tags: Object.fromEntries(
      tags.map((tag) => pair(tag)).map(([key, value]) => [key, value.replace(/\\([,= ])/gu, "$1")]),
    ),
    fields: Object.fromEntries(
      splitOutside(fields, ",")
        .map((field) => pair(field))
        .map(([key, value]) => [key, fieldOf(value)]),
    ),
    time: Number(time),
  };
}

/** All lines of a request body. */
export function parseLines(body: string): ParsedLine[] {
  if (body !== "" && !body.endsWith("\n")) throw new Error("The last line has no end");
  return body.split("\n").slice(0, -1).map(parseLine);
}

function fieldOf(text: string): number | bigint | string {
  if (text.startsWith('"')) return text.slice(1, -1).replace(/\\(["\\])/gu, "$1");
  if (/^-?\d+i$/u.test(text)) return BigInt(text.slice(0, -1));
  if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/u.test(text)) throw new Error(`No number: ${text}`);
  return Number(text);
}

function pair(text: string): [string, string] {
  const [key, ...rest] = splitOutside(text, "=");
  if (key === undefined || key === "" || rest.length === 0) throw new Error(`No key and value: ${text}`);
  const value = rest.join("=");
  if (value === "") throw new Error(`Empty value: ${text}`);
  return [key, value];
}

/** Splits at a character that is neither escaped nor within a quoted string field. */
function splitOutside(text: string, at: string): string[] {
  const parts: string[] = [];
  let part = "";
  let isQuoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!;
    if (character === "\\" && index + 1 < text.length) {
      part += character + text[++index]!;
      continue;
    }
    if (character === '"') isQuoted = !isQuoted;
    if (character === at && !isQuoted) {
      parts.push(part);
      part = "";
    } else part += character;
  }
  if (isQuoted) throw new Error(`An open string: ${text}`);
  return [...parts, part];
}
