/** One line of a panel: what is true, and the band that the instrument showed. */
export interface Trend {
  readonly name: string;
  /** What it is, in words; empty where the name says it. */
  readonly title: string;
  readonly unit: string;
  /** One value for each point in time. */
  readonly truth: readonly number[];
  /** Least and greatest reading between two points; null where nothing measures it. */
  readonly band: { readonly low: readonly number[]; readonly high: readonly number[] } | null;
}

export interface Picture {
  readonly title: string;
  readonly subtitle: string;
  /** Hours of each point in time. */
  readonly hours: readonly number[];
  readonly panels: readonly (readonly Trend[])[];
  /** What happened meanwhile. */
  readonly marks: readonly Mark[];
}

/** Something with a beginning and perhaps an end, in hours. */
export interface Mark {
  readonly name: string;
  readonly from: number;
  /** The same as `from` for what happens at once. */
  readonly to: number;
}

const WIDTH = 1100;
const LEFT = 64;
const RIGHT = 250;
/** Of the first panel when the subtitle has one line. */
const TOP = 64;
const LINE = 16;
/** Letters of the subtitle that fit in a line, and of a trend's title beside its panel. */
const LINE_LETTERS = 150;
const LEGEND_LETTERS = 34;
const LEGEND_STEP = 27;
const MARK_STEP = 14;
const PANEL = 110;
const GAP = 22;
const BOTTOM = 34;
/** Told apart also without colour: dashes. */
const STROKES = [
  { colour: "#0b4f8a", dash: "" },
  { colour: "#b2451c", dash: "6 3" },
  { colour: "#3c7a3b", dash: "2 3" },
  { colour: "#6b4a9e", dash: "8 3 2 3" },
] as const;

const KEY = "Lines: what is true. Shades: between the least and the greatest that the instruments showed.";

interface Scale {
  readonly low: number;
  readonly high: number;
}

/** An SVG of panels one above the other over one axis of time. */
export function drawTrends({ title, subtitle, hours, panels, marks }: Picture): string {
  const words = [...wrapped(subtitle, LINE_LETTERS), KEY];
  const above = TOP + LINE * (words.length - 1);
  const top = above + MARK_STEP * marks.length;
  const height = top + panels.length * (PANEL + GAP) + BOTTOM;
  const last = hours.at(-1) ?? 1;
  const x = (hour: number): number => LEFT + ((WIDTH - LEFT - RIGHT) * hour) / last;
  const bodies = panels.map((trends, i) => drawPanel(trends, hours, x, top + i * (PANEL + GAP)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="26" font-size="18" font-weight="bold">${escaped(title)}</text>`,
    ...words.map((line, i) => `<text x="${LEFT}" y="${46 + LINE * i}" fill="#555">${escaped(line)}</text>`),
    ...marks.map((mark, i) => drawMark(mark, x, above - 6 + MARK_STEP * i, height - BOTTOM - GAP)),
    drawTime(last, x, top, height - BOTTOM),
    ...bodies,
    "</svg>\n",
  ].join("\n");
}

/** A shade from its name down through all panels. The name stands beside it, on the side with more room. */
function drawMark(
  { name, from, to }: Mark,
  x: (hour: number) => number,
  top: number,
  bottom: number,
): string {
  const [left, right] = [x(from), Math.max(x(to), x(from) + 1)];
  const isLate = left > LEFT + (WIDTH - LEFT - RIGHT) / 2;
  const text = isLate ? `x="${fixed(left - 4)}" text-anchor="end"` : `x="${fixed(left + 4)}"`;
  return (
    `<rect x="${fixed(left)}" y="${fixed(top)}" width="${fixed(right - left)}" height="${fixed(bottom - top)}" fill="#c9a227" opacity="0.13"/>` +
    `<line x1="${fixed(left)}" x2="${fixed(left)}" y1="${fixed(top)}" y2="${fixed(bottom)}" stroke="#c9a227"/>` +
    `<text ${text} y="${fixed(top + 10)}" font-size="10" fill="#7a5f00">${escaped(name)}</text>`
  );
}

function drawPanel(
  trends: readonly Trend[],
  hours: readonly number[],
  x: (hour: number) => number,
  top: number,
): string {
  const scale = scaleOf(trends);
  const y = (value: number): number => top + PANEL * (1 - (value - scale.low) / (scale.high - scale.low));
  const ticks = ticksOf(scale).map(
    (tick) =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${fixed(y(tick))}" y2="${fixed(y(tick))}" stroke="#e3e3e3"/>` +
      `<text x="${LEFT - 6}" y="${fixed(y(tick) + 4)}" text-anchor="end" fill="#555">${label(tick)}</text>`,
  );
  const frame = `<rect x="${LEFT}" y="${top}" width="${WIDTH - LEFT - RIGHT}" height="${PANEL}" fill="none" stroke="#999"/>`;
  const lines = trends.map((trend, i) => drawTrend(trend, i, hours, x, y) + legend(trend, i, top));
  return [...ticks, frame, ...lines].join("\n");
}

function drawTrend(
  { truth, band }: Trend,
  order: number,
  hours: readonly number[],
  x: (hour: number) => number,
  y: (value: number) => number,
): string {
  const { colour, dash } = strokeOf(order);
  const point = (value: number, i: number): string => `${fixed(x(hours[i] ?? 0))},${fixed(y(value))}`;
  const line = `<path d="${pathOf(truth, point)}" fill="none" stroke="${colour}" stroke-width="1.4" stroke-dasharray="${dash}"/>`;
  if (band === null) return line;
  const back = band.low.map(point).toReversed();
  // With an edge, so that a reading that is held still can be seen.
  return `<polygon points="${[...band.high.map(point), ...back].join(" ")}" fill="${colour}" stroke="${colour}" stroke-width="0.8" opacity="0.2"/>${line}`;
}

/** A line with gaps where nothing is known. */
function pathOf(values: readonly number[], point: (value: number, i: number) => string): string {
  const parts = values.map((value, i) => {
    if (!Number.isFinite(value)) return "";
    return `${i > 0 && Number.isFinite(values[i - 1]) ? "L" : "M"}${point(value, i)}`;
  });
  return parts.join("");
}

function legend({ name, title, unit }: Trend, order: number, top: number): string {
  const { colour, dash } = strokeOf(order);
  const left = WIDTH - RIGHT + 12;
  const middle = top + 8 + LEGEND_STEP * order;
  const [words = ""] = wrapped(title, LEGEND_LETTERS);
  return (
    `<line x1="${left}" x2="${left + 24}" y1="${middle}" y2="${middle}" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>` +
    `<text x="${left + 30}" y="${middle + 4}">${escaped(`${name}${unit === "" ? "" : `, ${unit}`}`)}</text>` +
    `<text x="${left + 30}" y="${middle + 16}" font-size="10" fill="#555">${escaped(words)}</text>`
  );
}

function strokeOf(order: number): (typeof STROKES)[number] {
  return STROKES[order % STROKES.length] ?? STROKES[0];
}

function drawTime(last: number, x: (hour: number) => number, top: number, bottom: number): string {
  const isDays = last > 72;
  const step = niceStep((isDays ? last / 24 : last) / 8) * (isDays ? 24 : 1);
  const ticks = Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step);
  return ticks
    .map(
      (hour) =>
        `<line x1="${fixed(x(hour))}" x2="${fixed(x(hour))}" y1="${top}" y2="${bottom}" stroke="#eeeeee"/>` +
        `<text x="${fixed(x(hour))}" y="${bottom + 6}" text-anchor="middle" fill="#555">${label(isDays ? hour / 24 : hour)} ${isDays ? "d" : "h"}</text>`,
    )
    .join("\n");
}

/** Room for everything that is drawn, and never so narrow that noise looks like news. */
function scaleOf(trends: readonly Trend[]): Scale {
  const all = trends.flatMap(({ truth, band }) => [...truth, ...(band?.low ?? []), ...(band?.high ?? [])]);
  const known = all.filter(Number.isFinite);
  const low = known.reduce((least, value) => Math.min(least, value), Infinity);
  const high = known.reduce((most, value) => Math.max(most, value), -Infinity);
  if (!(high >= low)) return { low: 0, high: 1 };
  const margin = Math.max(0.05 * (high - low), 0.01 * Math.abs(high), 1e-9);
  return { low: low - margin, high: high + margin };
}

function ticksOf({ low, high }: Scale): number[] {
  const step = niceStep((high - low) / 4);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
}

/** 1, 2 or 5 times a power of ten, at least `rough`. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5].find((digit) => digit * power >= rough) ?? 10) * power;
}

/** Lines of at most so many letters, broken between words. */
function wrapped(text: string, letters: number): string[] {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && line.length + word.length >= letters) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}

function label(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
