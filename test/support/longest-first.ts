import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";

const ROOT = join(import.meta.dirname, "..", "..");

/** What takes twenty seconds and more, the longest of each set first. Begun last, one of them would keep the set waiting for its end. */
const LONG = [
  "integration/gateway/command-line",
  "integration/assays/simulated-laboratory",
  "integration/historian/demo",
  "integration/http/slow-loris",
  "integration/gateway/dead-devices",
  "simulation/plant-sensitivity",
  "integration/operations/hot-reload",
  "integration/opcua/outage",
  "integration/opcua/hostile-server",
  "integration/modbus/late-replies",
  "integration/sparkplug/host-cycles",
  "integration/simulators/process",
  "simulation/spool-simulation",
  "integration/gateway/writes",
  "integration/opcua/mutated-messages",
  "real/documents",
  "browser/circuit-pages",
  "browser/every-page-spanish",
  "real/spool-sinks-killed",
  "real/spool-order",
  "browser/every-page-english",
  "browser/control-room",
  "browser/odd-plants",
  "browser/people-pages",
  "browser/alarms",
  "browser/tags-page",
  "browser/configuration-page",
  "real/sparkplug-mosquitto",
].map((name) => `test/${name}.test.ts`);

/** The order of files where nothing is known of an earlier run: those that take longest begin. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const missing = LONG.filter((path) => !existsSync(join(ROOT, path)));
    if (missing.length > 0)
      throw new Error(`no longer there, though known to be long: ${missing.join(", ")}`);
    const placeOf = ({ moduleId }: TestSpecification): number => {
      const place = LONG.indexOf(relative(ROOT, moduleId));
      return place < 0 ? LONG.length : place;
    };
    const groupOf = ({ project }: TestSpecification): number => project.config.sequence.groupOrder;
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => groupOf(a) - groupOf(b) || placeOf(a) - placeOf(b));
  }
}
