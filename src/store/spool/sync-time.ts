import type { Clock } from "../../domain/time.ts";
import type { SpoolFs } from "./fs.ts";

const TRIALS = 15;
const TRIAL_BYTES = 4096;

/** Median time that the disk takes to make 4 KiB durable, ms. */
export async function syncMedianMs(fs: SpoolFs, folder: string, clock: Clock): Promise<number> {
  const path = `${folder}/sync-time.tmp`;
  const file = await fs.create(path);
  const times: number[] = [];
  try {
    for (let trial = 0; trial < TRIALS; trial++) {
      await file.write(new Uint8Array(TRIAL_BYTES).fill(trial), trial * TRIAL_BYTES);
      const begun = clock.monotonic();
      await file.sync();
      times.push(clock.monotonic() - begun);
    }
  } finally {
    await file.close();
    await fs.remove(path);
  }
  return times.sort((a, b) => a - b)[TRIALS >>> 1] ?? 0;
}
