import type { AlarmPriority } from "../../domain/alarm.ts";

/** 1 a square, 2 a triangle, 3 a diamond, diagnostic a circle: told apart without colour. */
const SHAPES: Readonly<Record<AlarmPriority, preact.JSX.Element>> = {
  1: <rect x="2" y="2" width="16" height="16" />,
  2: <path d="M10 1.2 19 18.4H1z" />,
  3: <path d="M10 .6 19.4 10 10 19.4.6 10z" />,
  4: <circle cx="10" cy="10" r="8.6" />,
};
/** The digit's baseline: a triangle is wide below. */
const BASELINES: Readonly<Record<AlarmPriority, number>> = { 1: 14.4, 2: 16.4, 3: 14.2, 4: 14.2 };

interface PriorityMarkProps {
  readonly priority: AlarmPriority;
  /** An alarm that nobody has taken note of is filled; one that was is an outline. */
  readonly isFilled?: boolean;
}

/** The priority of an alarm by shape, number and colour. The words beside it say the same, so it is hidden from readers. */
export function PriorityMark({ priority, isFilled = true }: PriorityMarkProps) {
  return (
    <svg
      class={`priority-mark priority-${priority} ${isFilled ? "filled" : ""}`}
      viewBox="0 0 20 20"
      aria-hidden="true"
    >
      {SHAPES[priority]}
      <text x="10" y={BASELINES[priority]} text-anchor="middle">
        {priority === 4 ? "D" : priority}
      </text>
    </svg>
  );
}
