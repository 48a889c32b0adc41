import type { DeviceState } from "../../domain/health.ts";
import type { Quality } from "../../domain/status.ts";

/** What a mark says by its shape; colour only repeats it. */
export type MarkKind = "normal" | "doubtful" | "failed" | "waiting";

const SHAPES: Readonly<Record<MarkKind, preact.JSX.Element>> = {
  normal: <circle cx="6" cy="6" r="3" class="mark-line" />,
  doubtful: (
    <>
      <circle cx="6" cy="6" r="4.6" class="mark-line" />
      <path d="M6 1.4a4.6 4.6 0 0 1 0 9.2z" class="mark-area" />
    </>
  ),
  failed: (
    <>
      <circle cx="6" cy="6" r="5.4" class="mark-area" />
      <path d="M3.7 3.7l4.6 4.6M8.3 3.7l-4.6 4.6" class="mark-cut" />
    </>
  ),
  waiting: <circle cx="6" cy="6" r="4.4" class="mark-line" stroke-dasharray="2 1.8" />,
};

export function Mark({ kind }: { readonly kind: MarkKind }) {
  return (
    <svg class={`mark ${kind}`} viewBox="0 0 12 12" aria-hidden="true">
      {SHAPES[kind]}
    </svg>
  );
}

export function markOf(quality: Quality): MarkKind {
  if (quality === "good") return "normal";
  return quality === "uncertain" ? "doubtful" : "failed";
}

export const DEVICE_MARKS: Readonly<Record<DeviceState, MarkKind>> = {
  online: "normal",
  degraded: "doubtful",
  silent: "failed",
  disconnected: "failed",
  starting: "waiting",
};
