/** Element of a numeric array that the caller knows to exist. */
export function at(values: Float64Array, index: number): number {
  return values[index] as number;
}

export function add(values: Float64Array, index: number, amount: number): void {
  values[index] = (values[index] as number) + amount;
}

/** Sum of `count` elements from `first` on. */
export function sum(values: Float64Array, first: number, count: number): number {
  let total = 0;
  for (let i = first; i < first + count; i++) total += values[i] as number;
  return total;
}

/** One physical movement: what leaves one place arrives at the other, component by component, with the same numbers. */
export function transfer(from: Float64Array, to: Float64Array, amounts: Float64Array): void {
  for (let i = 0; i < amounts.length; i++) {
    const amount = amounts[i] as number;
    from[i] = (from[i] as number) - amount;
    to[i] = (to[i] as number) + amount;
  }
}

/** Half of a movement, for a place that books what it gets by itself. */
export function withdraw(from: Float64Array, amounts: Float64Array): void {
  for (let i = 0; i < amounts.length; i++) from[i] = (from[i] as number) - (amounts[i] as number);
}

export function deposit(to: Float64Array, amounts: Float64Array): void {
  for (let i = 0; i < amounts.length; i++) to[i] = (to[i] as number) + (amounts[i] as number);
}

/** The same for one component. */
export function move(
  from: Float64Array,
  source: number,
  to: Float64Array,
  target: number,
  amount: number,
): void {
  add(from, source, -amount);
  add(to, target, amount);
}

/** Writes `share` of every component of a place into `amounts`. */
export function take(from: Float64Array, share: number, amounts: Float64Array): void {
  for (let i = 0; i < amounts.length; i++) amounts[i] = (from[i] as number) * share;
}

export function clamp(value: number, low: number, high: number): number {
  if (value < low) return low;
  return value > high ? high : value;
}
