import { FIGURES, BELT, POWER, someDays } from "../../support/gold-plant.ts";
import { HOUR, metricBench, MORNING } from "../../support/metric-bench.ts";

/** Computes some days of figures into a journal, to be killed while it does. */
const [dir = "", days = "1"] = process.argv.slice(2);
const bench = metricBench([BELT, POWER], FIGURES, someDays(Number(days)), dir);
process.stdout.write("begun\n");
await bench.settle(MORNING + Number(days) * 24 * HOUR + 60_000);
process.stdout.write("done\n");
