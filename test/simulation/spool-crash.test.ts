import { describe, expect, it } from "vitest";
import { randomFor } from "../../src/domain/random.ts";
import { feedOptions } from "../support/spool.ts";
import { SpoolPlant } from "../support/spool-plant.ts";

const isSoak = process.env["PUMA_SOAK"] !== undefined;
const REPEATS = isSoak ? 20 : 3;

const POINTS = [
  "create segment",
  "write segment",
  "sync segment",
  "syncFolder segments",
  "truncate segment",
  "remove segment",
  "create rewritten segment",
  "write rewritten segment",
  "sync rewritten segment",
  "rename rewritten segment",
  "create cursors",
  "write cursors",
  "sync cursors",
  "rename cursors",
  "syncFolder spool",
  "create dead letters",
  "write dead letters",
  "sync dead letters",
  "create trial",
  "remove trial",
];

/** Segments of 4 KiB: they roll, are deleted and are rewritten within minutes. */
const SMALL = { bytesMax: 64 * 1024, outputs: [feedOptions("sink", { trimLagMs: 0 })] };

describe("Accepted readings survive a kill, a crash of the system and a power cut.", () => {
  it.each(POINTS.flatMap((point) => [[point, "power"] as const, [point, "kill"] as const]))(
    "at the point of %s, %s: nothing is missing, and nothing that was torn is delivered",
    async (point, how) => {
      let hits = 0;
      for (let seed = 0; seed < REPEATS; seed++) {
        const random = randomFor(`${point} ${how}`, seed);
        const plant = new SpoolPlant(random, SMALL);
        for (let life = 0; life < 3; life++) {
          plant.crashAt = { name: point, count: 1 + Math.floor(random() * 2), isAfter: random() < 0.5 };
          await plant.restart(plant.isCrashed ? how : "kill");
          await live(plant, random);
          if (plant.isCrashed) hits++;
        }
        plant.crashAt = null;
        await plant.restart(plant.isCrashed ? how : "kill");
        await plant.finish();
      }
      expect(hits, "the point was never reached").toBeGreaterThan(0);
    },
  );
});

/** Some minutes: readings come, and the sink is away in the middle of it. */
async function live(plant: SpoolPlant, random: () => number): Promise<void> {
  for (let turn = 0; turn < 200 && !plant.isCrashed; turn++) {
    plant.sink.isUp = turn < 20 || turn > 170;
    plant.append(20);
    await plant.advance(500 + Math.floor(random() * 1000));
  }
}
