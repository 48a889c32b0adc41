import { createBatch } from "../../src/domain/batch.ts";
import type { ReadingBatch } from "../../src/domain/batch.ts";
import { linearOf } from "../../src/conditioning/scaling.ts";
import type { Plant } from "../../src/config/plant.ts";
import { mulberry32, normal } from "../../src/domain/random.ts";
import type { Random } from "../../src/domain/random.ts";
import type { Linear } from "../../src/store/historian/values.ts";
import { quantised } from "../../simulators/codec/raw.ts";
import { processSource } from "../../simulators/instruments/process-source.ts";

/** First second of what is kept. */
export const START = Date.UTC(2026, 10, 1);

const BATCH_ROWS = 4_000;
const TAGS_PER_DEVICE = 40;

/** What a tag shows, second by second. */
export interface Signal {
  readonly linear: Linear;
  readonly at: (second: number) => number;
}

const PLAIN: Linear = { scale: 1, offset: 0 };
const LOOP: Linear = { scale: 100 / 27_648, offset: 0 };

function lag(random: Random, tauS: number): () => number {
  const phi = Math.exp(-1 / tauS);
  let state = normal(random);
  return () => (state = phi * state + Math.sqrt(1 - phi * phi) * normal(random));
}

function mixedSignal(tag: number, random: Random): Signal {
  const kind = tag % 10;
  if (kind < 3) {
    const noise = lag(random, 2);
    return { linear: LOOP, at: () => Math.round(14_000 + 110 * noise()) * LOOP.scale };
  }
  if (kind < 5) {
    const noise = lag(random, 30);
    return { linear: PLAIN, at: (second) => Math.fround(Math.round(460 + noise() + second / 360) / 10) };
  }
  if (kind === 5)
    return {
      linear: { scale: 0.01, offset: 0 },
      at: (second) => Math.floor(9e6 + second * 0.12 + random()) * 0.01,
    };
  if (kind === 6) return { linear: PLAIN, at: () => Math.fround(16.4) };
  if (kind < 9) return { linear: PLAIN, at: (second) => (Math.floor(second / 5_000) + tag) % 2 };
  const noise = lag(random, 1);
  return { linear: PLAIN, at: () => Math.fround(16.4 + 0.2 * noise()) };
}

/** A hard mixture: 30 % noisy 16-bit loop signals, 20 % temperatures in tenths, 10 % totalizers, 10 % setpoints, 20 % states,
 *  10 % noisy float32. */
export function mixedSignals(count: number): readonly Signal[] {
  const random = mulberry32(1);
  return Array.from({ length: count }, (_, tag) => mixedSignal(tag, random));
}

/** The tags of a plant as the registers of the simulated devices show them: the process model with the noise, the lag and the
 *  resolution of its instruments. */
export function modelledSignals(plant: Plant): readonly Signal[] {
  const source = processSource(plant, 1, START, {});
  return plant.tags.map((tag) => ({
    linear: linearOf(tag),
    at: (second) => Number(quantised(tag, source.valueAt(tag, START + 1000 * second))),
  }));
}

/** The batches of an hour, made beforehand so that making them is not measured. Each poll comes 0 to 3 ms late, the tags of
 *  one device together. */
export function hourOf(signals: readonly Signal[], hour: number): ReadingBatch[] {
  const random = mulberry32(hour);
  const batches: ReadingBatch[] = [];
  let batch = createBatch(BATCH_ROWS);
  for (let second = hour * 3600; second < (hour + 1) * 3600; second++) {
    let time = 0;
    for (const [tag, signal] of signals.entries()) {
      if (tag % TAGS_PER_DEVICE === 0) time = START + 1000 * second + Math.floor(4 * random());
      const row = batch.length++;
      batch.tag[row] = tag;
      batch.value[row] = signal.at(second);
      batch.sourceTime[row] = time;
      batch.receivedTime[row] = time;
      if (batch.length < BATCH_ROWS) continue;
      batches.push(batch);
      batch = createBatch(BATCH_ROWS);
    }
  }
  batches.push(batch);
  return batches;
}
