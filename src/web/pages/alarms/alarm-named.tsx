import type { AlarmPriority } from "../../../domain/alarm.ts";
import { PriorityMark } from "../../widgets/priority-mark.tsx";

interface AlarmNamedProps {
  /** Null where it does not matter. */
  readonly priority: AlarmPriority | null;
  readonly alarm: string;
  /** Null for an alarm that the plant no longer has. */
  readonly title: string | null;
}

/** An alarm in a table about the past or about what is put aside: nothing there calls. */
export function AlarmNamed({ priority, alarm, title }: AlarmNamedProps) {
  return (
    <>
      {priority !== null && <PriorityMark priority={priority} isFilled={false} />} {alarm}{" "}
      <span class="alarm-title">{title}</span>
    </>
  );
}
