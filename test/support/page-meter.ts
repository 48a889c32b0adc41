import type { Page } from "playwright-core";

/** By how much a page that is left open may grow, bytes. */
export const GROWTH_BYTES_MAX = 10e6;

/** What a page holds when all that nobody needs any more has been collected. */
export interface PageUse {
  readonly heapBytes: number;
  /** Of the document and of what is no longer in it. */
  readonly nodes: number;
  /** Those that are in no document any more. */
  readonly detached: number;
  readonly listeners: number;
}

/** Measures by Chromium's own counters. What the tools of the browser were shown they hold on to, so they are closed after
 *  each look. */
export async function useOf(page: Page): Promise<PageUse> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  await devtools.send("HeapProfiler.collectGarbage");
  const { metrics } = await devtools.send("Performance.getMetrics");
  const metric = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? NaN;
  const { detachedNodes } = await devtools.send("DOM.getDetachedDomNodes");
  await devtools.detach();
  return {
    heapBytes: metric("JSHeapUsedSize"),
    nodes: metric("Nodes"),
    detached: detachedNodes.length,
    listeners: metric("JSEventListeners"),
  };
}
