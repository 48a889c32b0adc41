import { signal } from "@preact/signals";
import type { Signal } from "@preact/signals";
import { ask, Unanswered } from "./api.ts";
import type { TrendAnswer, Update, Value } from "./api.ts";

/** The last hour of one tag, as little as a small picture needs. */
export interface Spark {
  readonly t: readonly number[];
  /** Null where there is no reading: nothing is drawn there. */
  readonly v: readonly (number | null)[];
}

export const SPARK_MS = 3_600_000;
/** Live readings are taken up this far apart: the picture has no more than a few hundred points. */
const APART_MS = 15_000;
const POINTS = 60;
const AGAIN_MS = 10_000;
/** Tags in one request. */
const TAGS_MAX = 100;

const sparks = new Map<string, Signal<Spark | null>>();
const wanted = new Set<string>();
let isAsking = false;

export function sparkOf(tag: string): Signal<Spark | null> {
  let spark = sparks.get(tag);
  if (spark === undefined) {
    spark = signal<Spark | null>(null);
    sparks.set(tag, spark);
  }
  return spark;
}

/** Tells that a tag is on the page. What is wanted in the same moment is asked for together. */
export function wantSpark(tag: string): void {
  if (sparkOf(tag).peek() !== null) return;
  wanted.add(tag);
  if (isAsking) return;
  isAsking = true;
  setTimeout(() => void askWanted(), 0);
}

async function askWanted(): Promise<void> {
  const tags = [...wanted];
  wanted.clear();
  isAsking = false;
  for (let start = 0; start < tags.length; start += TAGS_MAX) {
    const some = tags.slice(start, start + TAGS_MAX);
    const list = encodeURIComponent(some.join(","));
    try {
      const trends = await ask<TrendAnswer[]>(`/api/v1/history?tags=${list}&points=${POINTS}`);
      for (const { tag, t, v } of trends) sparkOf(tag).value = { t, v: v.map(numberOf) };
    } catch (error) {
      // Without its history a value is still a value: a historian that is busy or away is asked again, one that keeps nothing is not.
      const keepsNothing = error instanceof Unanswered && error.isOfNothing;
      if (!keepsNothing) setTimeout(() => some.forEach(wantSpark), AGAIN_MS);
    }
  }
}

function numberOf(value: Value): number | null {
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "number" ? value : null;
}

/** A picture needs a point now and then, and the beginning of a hole at once. */
function isNews({ t: times, v: values }: Spark, t: number, value: number | null): boolean {
  const last = times.at(-1) ?? 0;
  const isHole = value === null && values.at(-1) !== null;
  return isHole ? t > last : t - last >= APART_MS;
}

/** Takes a live reading up. */
export function extendSpark(tag: string, { t, v }: Update): void {
  const spark = sparks.get(tag);
  const known = spark?.peek() ?? null;
  const value = numberOf(v);
  if (spark === undefined || known === null || !isNews(known, t, value)) return;
  const start = known.t.findIndex((time) => time >= t - SPARK_MS);
  const from = start < 0 ? known.t.length : start;
  spark.value = { t: [...known.t.slice(from), t], v: [...known.v.slice(from), value] };
}

/** After the link was lost there is a hole that only the gateway can fill. */
export function forgetSparks(): void {
  for (const [tag, spark] of sparks) {
    if (spark.peek() === null) continue;
    spark.value = null;
    wantSpark(tag);
  }
}
