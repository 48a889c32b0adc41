import { batch, computed, signal } from "@preact/signals";
import { go, place } from "../../router.ts";
import { plantNow } from "../../store.ts";
import { extended, loadPen } from "../../widgets/chart/trend.ts";
import type { Pen, Span } from "../../widgets/chart/pen.ts";

export const PENS_MAX = 12;
const HOUR_MS = 3_600_000;
const USUAL_MS = 8 * HOUR_MS;
/** The hand is off for this long before the historian is asked, ms. */
const SETTLE_MS = 250;
/** How often a live trend is read anew, so that its points stay few. */
const REFRESH_MS = 60_000;

export const tags = signal<readonly string[]>([]);
export const pens = signal<readonly Pen[]>([]);
/** Follows the present. */
export const isLive = signal(true);
const fixedSpan = signal<Span>({ from: 0, to: 0 });
const liveMs = signal(USUAL_MS);
export const cursors = signal<readonly [number | null, number | null]>([null, null]);

export const span = computed<Span>(() =>
  isLive.value ? { from: plantNow.value - liveMs.value, to: plantNow.value } : fixedSpan.value,
);

let settling: ReturnType<typeof setTimeout> | null = null;
let loads = 0;

/** Asks the historian for what is shown now. */
export async function load(): Promise<void> {
  const mine = ++loads;
  const wanted = span.peek();
  // What is not answered stays as it was: a live trend is read anew within a minute.
  const loaded = await Promise.all(tags.peek().map((tag) => loadPen(tag, wanted).catch(() => null)));
  if (mine !== loads) return;
  const known = new Map(pens.peek().map((pen) => [pen.tag, pen]));
  pens.value = tags.peek().flatMap((tag) => loaded.find((pen) => pen?.tag === tag) ?? known.get(tag) ?? []);
}

function loadSoon(): void {
  if (settling !== null) clearTimeout(settling);
  settling = setTimeout(() => void load(), SETTLE_MS);
}

/** The address says what is shown, so that it can be kept and sent. */
function writeAddress(): void {
  const query = new URLSearchParams({ tags: tags.value.join(",") });
  if (!isLive.value) {
    query.set("from", new Date(fixedSpan.value.from).toISOString());
    query.set("to", new Date(fixedSpan.value.to).toISOString());
  } else if (liveMs.value !== USUAL_MS) query.set("hours", String(liveMs.value / HOUR_MS));
  go(`/trends?${query.toString().replaceAll("%2C", ",")}`, { replace: true });
}

/** Takes from the address what it says. */
export function readAddress(): void {
  const { search } = place.peek();
  const [from, to] = [Date.parse(search.get("from") ?? ""), Date.parse(search.get("to") ?? "")];
  const hours = Number(search.get("hours"));
  batch(() => {
    const named = (search.get("tags") ?? "").split(",").filter((tag) => tag !== "");
    tags.value = [...new Set(named)].slice(0, PENS_MAX);
    isLive.value = !(from < to);
    if (from < to) fixedSpan.value = { from, to };
    liveMs.value = hours > 0 ? hours * HOUR_MS : USUAL_MS;
    cursors.value = [null, null];
    pens.value = pens.peek().filter(({ tag }) => named.includes(tag));
  });
  void load();
}

export function show(next: Span, isDone = true): void {
  batch(() => {
    fixedSpan.value = { from: Math.round(next.from), to: Math.round(next.to) };
    isLive.value = false;
  });
  if (!isDone) return;
  writeAddress();
  loadSoon();
}

export function showLast(hours: number): void {
  batch(() => {
    liveMs.value = hours * HOUR_MS;
    isLive.value = true;
  });
  writeAddress();
  void load();
}

export function goLive(): void {
  const { from, to } = span.peek();
  showLast((to - from) / HOUR_MS);
}

export function putCursor(index: 0 | 1, time: number): void {
  const [a, b] = cursors.value;
  cursors.value = index === 0 ? [time, b] : [a, time];
}

export function setTags(next: readonly string[]): void {
  tags.value = next.slice(0, PENS_MAX);
  writeAddress();
  void load();
}

/** Brings in what is read now; gives what stops it. */
export function followPresent(): () => void {
  const stop = plantNow.subscribe(() => {
    if (isLive.peek()) pens.value = pens.peek().map(extended);
  });
  const timer = setInterval(() => {
    if (isLive.peek()) void load();
  }, REFRESH_MS);
  return () => {
    stop();
    clearInterval(timer);
  };
}
