/** How many of `sorted` come before, where those for which `isBefore` holds stand first: the index of the first for which it does
 *  not, found by halves. */
export function countBefore<T>(sorted: ArrayLike<T>, isBefore: (one: T) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(sorted[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low;
}
