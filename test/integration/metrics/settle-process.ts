import { FIGURES, BELT, POWER, someDays } from "../../support/gold-plant.ts";
import { HOUR, metricBench, MORNING } from "../../support/metric-bench.ts";

/** Computes some days of figures into a journal and says how many are still to be computed, to be killed while it does. */
const [dir = "", days = "1"] = process.argv.slice(2);
const bench = metricBench([BELT, POWER], FIGURES, someDays(Number(days)), dir);
bench.now = MORNING + Number(days) * 24 * HOUR + 60_000;
bench.engine.close(bench.now, MORNING);
const tell = (): void => void process.stdout.write(`${bench.journal.work.count()}\n`);
tell();
const telling = setInterval(tell, 1);
await bench.engine.settle();
clearInterval(telling);
process.stdout.write("done\n");
