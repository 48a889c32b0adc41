import { normalBand } from "../../equipment-store.ts";
import type { TagCell } from "../../store.ts";
import { TrendChart } from "../../widgets/chart/trend-chart.tsx";

const HOURS = 8;
const HEIGHT_PX = 170;

/** The last eight hours of a tag, with what is normal shaded. */
export function TagTrend({ cell: { about } }: { readonly cell: TagCell }) {
  const band = normalBand(about);
  const label = `${about.tag} ${about.title}`;
  return <TrendChart label={label} tags={[about.tag]} hours={HOURS} height={HEIGHT_PX} band={band} />;
}
