import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { openLatePlant, SHIFT } from "../../support/late-plant.ts";

const WAIT = { timeout: 20_000 };

it("Figures of periods wait for a history that is still coming in, and the end of the gateway does not wait for it", async () => {
  const dir = await mkdtemp(join(tmpdir(), "puma-past-"));
  const { promise: past, resolve: pastIsIn } = Promise.withResolvers<void>();
  const plant = await openLatePlant(dir, past);
  const run = async (work: () => Promise<void>): Promise<void> => {
    const stop = new AbortController();
    const running = plant.metrics.run(stop.signal);
    await work();
    stop.abort();
    await running;
  };
  try {
    plant.historian.append(plant.belt(SHIFT.from, SHIFT.to + 3_600_000, 8));
    await plant.historian.sync();
    await run(async () => {
      // Figures of now do not wait; by the time that they are there those of the shift would be too.
      await vi.waitFor(() => expect(plant.metrics.view.latest("tonnes", "rolling")).not.toBeNull(), WAIT);
    });
    expect(plant.latest()).toBeNull();
    await run(async () => {
      pastIsIn();
      await vi.waitFor(() => expect(plant.latest()).not.toBeNull(), WAIT);
    });
    expect(plant.latest()).toMatchObject({ version: 1, value: 96 });
  } finally {
    await plant.historian.close();
    plant.journal.close();
    await rm(dir, { recursive: true });
  }
});
