import { useSignal } from "@preact/signals";
import { useCallback, useEffect } from "preact/hooks";
import { ask, Unanswered } from "../api.ts";
import { link } from "../store.ts";

export interface Answered<T> {
  /** The last answer to this address; null before the first. */
  readonly value: T | null;
  /** Why there is none, or no newer one, in the reader's language. */
  readonly trouble: string | null;
  /** There is nothing at this address. */
  readonly isAbsent: boolean;
  readonly reload: () => void;
}

/** After a question without an answer it is asked again, ms. */
const AGAIN_MS = 5_000;

const NOT_FOUND = 404;

/** What the gateway answers at an address, asked anew when the address changes, when the link comes back, after a failure, and
 *  every so often where `everyMs` is given. */
export function useAnswer<T>(path: string, everyMs: number | null = null): Answered<T> {
  const value = useSignal<{ readonly path: string; readonly answer: T } | null>(null);
  const trouble = useSignal<Unanswered | null>(null);
  const isLive = link.value === "live";
  const reload = useCallback(() => {
    ask<T>(path).then(
      (answer) => {
        value.value = { path, answer };
        trouble.value = null;
      },
      (error: unknown) => {
        if (!(error instanceof Unanswered)) throw error;
        trouble.value = error;
      },
    );
  }, [path]);
  useEffect(() => {
    reload();
    const timer = setInterval(() => {
      if (everyMs !== null || trouble.peek() !== null) reload();
    }, everyMs ?? AGAIN_MS);
    return () => clearInterval(timer);
  }, [path, isLive, everyMs]);
  const last = value.value;
  return {
    value: last?.path === path ? last.answer : null,
    trouble: trouble.value?.message ?? null,
    isAbsent: trouble.value?.status === NOT_FOUND,
    reload,
  };
}
