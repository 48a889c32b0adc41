const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];
const EPSILON = 1e-16;
const STEPS_MAX = 10_000;

/** ln Γ(x) for x > 0. Source: Lanczos 1964, g = 7, nine terms; relative error below 1e-14. */
export function lnGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x);
  const base = x - 1;
  let sum = 0.99999999999980993;
  for (const [i, coefficient] of LANCZOS.entries()) sum += coefficient / (base + i + 1);
  const t = base + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (base + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Regularised lower incomplete gamma P(a, x): series below a + 1, continued fraction above. */
function gammaP(a: number, x: number): number {
  if (x <= 0) return 0;
  return x < a + 1 ? gammaSeries(a, x) : 1 - gammaFraction(a, x);
}

/** 1 − P(a, x), without loss of digits where it is small. */
function gammaQ(a: number, x: number): number {
  if (x <= 0) return 1;
  return x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x);
}

function gammaSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < STEPS_MAX && Math.abs(term) > EPSILON * Math.abs(sum); n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * Math.exp(a * Math.log(x) - x - lnGamma(a));
}

/** Modified Lentz. Source: Press and others, Numerical Recipes, 6.2. */
function gammaFraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < STEPS_MAX; i++) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / nonZero(an * d + b, tiny);
    c = nonZero(b + an / c, tiny);
    const change = d * c;
    h *= change;
    if (Math.abs(change - 1) < EPSILON) break;
  }
  return h * Math.exp(a * Math.log(x) - x - lnGamma(a));
}

function nonZero(x: number, tiny: number): number {
  return Math.abs(x) < tiny ? tiny : x;
}

/** Probability that a standard normal number is at most z. */
export function normalCdf(z: number): number {
  const tail = 0.5 * gammaQ(0.5, (z * z) / 2);
  return z > 0 ? 1 - tail : tail;
}

/** The z that a standard normal number stays below with probability p, 0 < p < 1. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : NaN;
  if (p > 0.5) return -normalQuantile(1 - p);
  // Start: Abramowitz and Stegun 26.2.23, good to 4.5e-4; then Newton on the lower tail, which keeps its digits.
  const t = Math.sqrt(-2 * Math.log(p));
  let z = -(
    t -
    (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  );
  for (let step = 0; step < 6; step++) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    const change = (normalCdf(z) - p) / density;
    z -= change / (1 + (z * change) / 2);
    if (Math.abs(change) < 1e-15 * Math.abs(z)) break;
  }
  return z;
}

/** Probability that a χ² number of `freedom` degrees is at most x. */
export function chiSquareCdf(x: number, freedom: number): number {
  return gammaP(freedom / 2, x / 2);
}

/** Probability that it is more than x. */
export function chiSquareTail(x: number, freedom: number): number {
  return gammaQ(freedom / 2, x / 2);
}

/** The number that χ² of `freedom` degrees stays below with probability p. */
export function chiSquareQuantile(p: number, freedom: number): number {
  if (freedom <= 0) return 0;
  // Wilson and Hilferty's cube brackets the root; bisection then gains a bit a step.
  const spread = 2 / (9 * freedom);
  const start = freedom * Math.max(0.01, 1 - spread + normalQuantile(p) * Math.sqrt(spread)) ** 3;
  let low = 0;
  let high = Math.max(2 * start, 1);
  while (chiSquareCdf(high, freedom) < p) high *= 2;
  for (let step = 0; step < 200 && high - low > 1e-14 * high; step++) {
    const middle = (low + high) / 2;
    if (chiSquareCdf(middle, freedom) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Probability that a non-central χ² number is more than x: a Poisson mixture of central ones around its largest term. */
export function noncentralChiSquareTail(x: number, freedom: number, noncentrality: number): number {
  const half = noncentrality / 2;
  if (half === 0) return chiSquareTail(x, freedom);
  const centre = Math.floor(half);
  const weight = (j: number): number => Math.exp(j * Math.log(half) - half - lnGamma(j + 1));
  let sum = 0;
  for (let j = centre; j >= 0; j--) {
    const term = weight(j);
    sum += term * chiSquareTail(x, freedom + 2 * j);
    if (term < EPSILON) break;
  }
  for (let j = centre + 1; j < centre + STEPS_MAX; j++) {
    const term = weight(j);
    sum += term * chiSquareTail(x, freedom + 2 * j);
    if (term < EPSILON) break;
  }
  return Math.min(1, sum);
}
