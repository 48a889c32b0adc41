import { SPARK_MS } from "../spark-store.ts";
import type { Spark } from "../spark-store.ts";
import { extentOf, pathThrough, shareOf, widened } from "./drawn-line.ts";

const WIDTH = 100;
const HEIGHT = 30;

interface SparkLineProps {
  readonly spark: Spark | null;
  /** What is normal, shaded; null where nobody has said. */
  readonly band: readonly [number, number] | null;
  readonly range: readonly [low: number, high: number];
  /** The right edge, ms since 1970. */
  readonly now: number;
}

/** The picture covers at least this share of the range, so that noise looks like noise. */
const LEAST_SHARE = 0.06;

/** Lowest and highest value of the picture: what was, and the normal band if it is near. */
function scaleOf(
  { v }: Spark,
  { band, range }: Pick<SparkLineProps, "band" | "range">,
): [number, number] | null {
  const extent = extentOf(v);
  if (extent === null) return null;
  let [low, high] = extent;
  if (band !== null) {
    const [bandLow, bandHigh] = band;
    const width = bandHigh - bandLow;
    if (low > bandLow - width && high < bandHigh + width) {
      low = Math.min(low, bandLow);
      high = Math.max(high, bandHigh);
    }
  }
  const least = (range[1] / 2 - range[0] / 2) * LEAST_SHARE || 0.5;
  return widened([low, high], Math.max(0, least - (high / 2 - low / 2)));
}

/** The last hour, with what is normal shaded. The value beside it says what counts, so it is hidden from readers. */
export function SparkLine({ spark, band, range, now }: SparkLineProps) {
  const scale = spark === null ? null : scaleOf(spark, { band, range });
  if (spark === null || scale === null)
    return <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" />;
  const y = (value: number): number => 1 + (1 - shareOf(value, scale)) * (HEIGHT - 2);
  const points = spark.t.map((time, index): [number, number] | null => {
    const value = spark.v[index] ?? null;
    const x = WIDTH - ((now - time) / SPARK_MS) * WIDTH;
    return value === null || !(x >= 0) ? null : [x, y(value)];
  });
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {band !== null && (
        <rect
          class="spark-band"
          x="0"
          width={WIDTH}
          y={y(band[1])}
          height={Math.max(0, y(band[0]) - y(band[1]))}
        />
      )}
      <path class="spark-line" d={pathThrough(points)} />
    </svg>
  );
}
