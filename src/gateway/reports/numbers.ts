const SIGNIFICANT = 2;
const PLAIN_DIGITS = 4;
const DECIMALS_MAX = 6;

/** Decimals that show a value to two digits of its expanded uncertainty, else to four of its own. */
export function decimalsOf(value: number, expanded: number | null): number {
  const size = expanded === null || expanded === 0 ? Math.abs(value) : expanded;
  const digits = expanded === null || expanded === 0 ? PLAIN_DIGITS : SIGNIFICANT;
  if (size === 0) return 0;
  return Math.min(DECIMALS_MAX, Math.max(0, digits - 1 - Math.floor(Math.log10(size))));
}

export function shown(value: number, decimals: number, locale: string): string {
  return value.toLocaleString(locale, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    useGrouping: true,
  });
}
