/** Numbers from `from` up to, but without, `to`. */
export type Range = readonly [from: number, to: number];

/** A set of whole numbers as few ranges, in order, none touching another. */
export interface Ranges {
  /** How many numbers. */
  size(): number;
  /** How many ranges. */
  parts(): number;
  add(from: number, to: number): void;
  /** Takes numbers out and returns how many of them were there. */
  remove(from: number, to: number): number;
  overlaps(from: number, to: number): boolean;
  /** The first range that reaches beyond `number`, or null. */
  after(number: number): Range | null;
  list(): readonly Range[];
}

export function createRanges(start: readonly Range[] = []): Ranges {
  let ranges: Range[] = [];
  let size = 0;

  function add(from: number, to: number): void {
    if (to <= from) return;
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === from) ranges[ranges.length - 1] = [last[0], to];
    else if (last === undefined || last[1] < from) ranges.push([from, to]);
    else {
      merge(from, to);
      return;
    }
    size += to - from;
  }

  function merge(from: number, to: number): void {
    const before = ranges.filter((range) => range[1] < from);
    const after = ranges.filter((range) => range[0] > to);
    const touched = ranges.slice(before.length, ranges.length - after.length);
    const merged: Range = [
      Math.min(from, ...touched.map(([a]) => a)),
      Math.max(to, ...touched.map(([, b]) => b)),
    ];
    ranges = [...before, merged, ...after];
    size = ranges.reduce((total, [a, b]) => total + b - a, 0);
  }

  function remove(from: number, to: number): number {
    const [first] = ranges;
    if (first === undefined || to <= first[0] || from >= to) return 0;
    const before = size;
    if (from <= first[0] && to < first[1]) {
      ranges[0] = [to, first[1]];
      size -= to - first[0];
    } else {
      ranges = ranges.flatMap((range) => without(range, from, to));
      size = ranges.reduce((total, [a, b]) => total + b - a, 0);
    }
    return before - size;
  }

  for (const [a, b] of start) add(a, b);
  return {
    size: () => size,
    parts: () => ranges.length,
    add,
    remove,
    overlaps: (from, to) => ranges.some((range) => range[0] < to && range[1] > from),
    after: (number) => ranges.find((range) => range[1] > number) ?? null,
    list: () => ranges,
  };
}

function without([a, b]: Range, from: number, to: number): Range[] {
  if (to <= a || from >= b) return [[a, b]];
  const left: Range[] = from > a ? [[a, from]] : [];
  return to < b ? [...left, [to, b]] : left;
}
