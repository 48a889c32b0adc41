import { late, openLatePlant, SHIFT } from "../../support/late-plant.ts";
import { until } from "../../support/until.ts";

/** Computes a shift, takes a late reading into the history, and dies before the figures can hear of it. */
const [dir = ""] = process.argv.slice(2);
const plant = await openLatePlant(dir);
plant.historian.append(plant.belt(SHIFT.from - 60_000, SHIFT.to + 3_600_000, 4));
await plant.historian.sync();
plant.metrics.reopen(SHIFT.from);
void plant.metrics.run(new AbortController().signal);
await until(() => plant.latest()?.value !== null && plant.latest() !== null, 30_000);
const batch = late(plant);
plant.metrics.note(batch);
plant.historian.append(batch);
await plant.historian.sync();
process.stdout.write(`${plant.latest()?.version}`, () => process.kill(process.pid, "SIGKILL"));
