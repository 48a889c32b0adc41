import { signal, useSignalEffect } from "@preact/signals";
import type { MetricPeriod } from "../../../domain/metric.ts";
import type { Quality } from "../../../domain/status.ts";
import { ask } from "../../api.ts";
import { link } from "../../store.ts";

export interface SoFar {
  readonly amount: number | null;
  readonly since: string | null;
  readonly planned: number | null;
}

export interface FigureShown {
  readonly metric: string;
  readonly title: string;
  readonly unit: string;
  readonly period: MetricPeriod;
  readonly planned: number | null;
  readonly key: string;
  readonly to: string | null;
  readonly value: number | null;
  readonly sd: number | null;
  readonly quality: Quality;
  readonly reason: string | null;
  readonly state: string | null;
}

export interface AssayShown {
  readonly point: string;
  readonly title: string;
  readonly unit: string;
  readonly value: number | null;
  readonly sd: number | null;
  readonly cutTo: string | null;
}

interface PeriodShown {
  readonly key: string;
  readonly from: string;
  readonly to: string;
}

export interface OverviewAnswer {
  readonly areas: Readonly<Record<string, readonly string[]>>;
  readonly figures: readonly FigureShown[];
  readonly assays: readonly AssayShown[];
  readonly shift: PeriodShown;
  readonly day: PeriodShown;
  readonly counters: readonly {
    readonly tag: string;
    readonly shift: SoFar;
    readonly day: SoFar;
    /** Of the last reading of the counter. */
    readonly at: string | null;
    readonly quality: Quality;
  }[];
}

const REFRESH_MS = 10_000;

export const overview = signal<OverviewAnswer | null>(null);

async function refresh(): Promise<void> {
  // What was known stays until the gateway answers again; the banner says that it is away.
  overview.value = await ask<OverviewAnswer>("/api/v1/overview").catch(() => overview.peek());
}

/** Keeps what the overview shows beside live readings, as long as it is on the screen. */
export function useOverview(): OverviewAnswer | null {
  useSignalEffect(() => {
    if (link.value !== "live") return undefined;
    void refresh();
    const timer = setInterval(() => void refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  });
  return overview.value;
}
