import { fnv1a32, mulberry32, normal } from "../../src/domain/random.ts";
import type { EpochMs } from "../../src/domain/time.ts";

/** Step 0 of every stream and zero of every total: 2025-01-01T00:00:00Z. A plant started at this time sees each
 *  instrument's stream from its first draw. */
export const ORIGIN: EpochMs = 1_735_689_600_000;

const MULBERRY_INCREMENT = 0x6d2b79f5;
const BLOCK_STEPS = 256;
const WARM_UP_STEPS = 48;

/** Unit-variance noise of a first-order lag: x ← φ·x + √(1−φ²)·z with φ = exp(−step / tau), one step per `stepMs`.
 *  The normals z are the tag's own stream, two draws each, so that no tag changes another's. */
export type Noise = (time: EpochMs) => number;

/** The value depends on seed, name and time alone, not on what was asked before: the generator is a counter and can be
 *  entered anywhere, and every 256 steps the lag is started again 48 steps earlier, where nothing is left of its past. */
export function correlatedNoise(name: string, seed: number, stepMs: number, tauMs: number): Noise {
  const phi = tauMs > 0 ? Math.exp(-stepMs / tauMs) : 0;
  const gain = Math.sqrt(1 - phi * phi);
  const streamSeed = (fnv1a32(name) ^ seed) >>> 0;
  let at = NaN;
  let blockEnd = NaN;
  let state = 0;
  let random = mulberry32(streamSeed);

  function enter(block: number): void {
    const first = block * BLOCK_STEPS;
    blockEnd = first + BLOCK_STEPS;
    at = phi === 0 || block === 0 ? first : first - WARM_UP_STEPS;
    random = mulberry32((streamSeed + Math.imul(2 * at, MULBERRY_INCREMENT)) >>> 0);
    state = normal(random);
  }

  return (time) => {
    const step = Math.floor((time - ORIGIN) / stepMs);
    if (step === at) return state;
    if (!(step > at && step < blockEnd)) enter(Math.floor(step / BLOCK_STEPS));
    while (at < step) {
      state = phi * state + gain * normal(random);
      at++;
    }
    return state;
  };
}
