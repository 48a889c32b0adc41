import type { EpochMs } from "../../domain/time.ts";

/** What a host application says of itself under `spBv1.0/STATE/<host>` (Sparkplug 3.0.0, 6.4.30). */
export interface HostState {
  readonly isOnline: boolean;
  readonly timestamp: EpochMs;
}

/** Null for anything that is no STATE payload of Sparkplug 3, such as the bare words of version 2. */
export function readHostState(payload: Uint8Array): HostState | null {
  let said: unknown;
  try {
    said = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
  } catch {
    return null; // no JSON in UTF-8
  }
  if (typeof said !== "object" || said === null) return null;
  const { online, timestamp } = said as { online?: unknown; timestamp?: unknown };
  if (typeof online !== "boolean" || typeof timestamp !== "number" || !Number.isFinite(timestamp))
    return null;
  return { isOnline: online, timestamp };
}
