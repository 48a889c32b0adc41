interface RangeBarProps {
  /** 0…1; null leaves the bar empty. */
  readonly position: number | null;
  /** Where the fill begins, 0…1: at zero, where the range has one inside. */
  readonly origin: number;
}

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(1)}%`;
}

/** Where a value stands in its engineering range. The number beside it says the same, so it is hidden from readers. */
export function RangeBar({ position, origin }: RangeBarProps) {
  if (position === null) return <span class="bar empty" aria-hidden="true" />;
  const from = Math.min(position, origin);
  const fill = { left: percent(from), width: percent(Math.abs(position - origin)) };
  return (
    <span class="bar" aria-hidden="true">
      <span class="fill" style={fill} />
      <span class="pin" style={{ left: percent(position) }} />
    </span>
  );
}
