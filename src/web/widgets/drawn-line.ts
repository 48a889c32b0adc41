/** Where a value stands between two ends, 0…1, kept inside. Halves, because the whole of the largest range there can be is
 *  no number. */
export function shareOf(value: number, [low, high]: readonly [low: number, high: number]): number {
  const half = high / 2 - low / 2;
  return half > 0 ? Math.min(1, Math.max(0, (value / 2 - low / 2) / half)) : 0.5;
}

/** Smallest and largest of what there is; null where there is nothing. */
export function extentOf(values: readonly (number | null)[]): [low: number, high: number] | null {
  const numbers = values.filter((value) => value !== null);
  return numbers.length === 0 ? null : [Math.min(...numbers), Math.max(...numbers)];
}

export function widened([low, high]: readonly [number, number], by: number): [number, number] {
  return [Math.max(-Number.MAX_VALUE, low - by), Math.min(Number.MAX_VALUE, high + by)];
}

/** Lines between points that follow each other, as SVG writes them; null ends a line, so that a hole stays a hole. */
export function pathThrough(points: readonly (readonly [x: number, y: number] | null)[]): string {
  let path = "";
  let isDown = false;
  for (const point of points) {
    if (point !== null) path += `${isDown ? "L" : "M"}${point[0].toFixed(1)} ${point[1].toFixed(2)}`;
    isDown = point !== null;
  }
  return path;
}
