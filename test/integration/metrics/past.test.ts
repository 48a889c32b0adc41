import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { openLatePlant, SHIFT } from "../../support/late-plant.ts";

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
    await run(async () => {
      plant.historian.append(plant.belt(SHIFT.from, SHIFT.to, 8));
      await plant.historian.sync();
    });
    expect(plant.latest()).toBeNull();
    await run(async () => {
      pastIsIn();
      await vi.waitFor(() => expect(plant.latest()).not.toBeNull(), { timeout: 20_000 });
    });
    expect(plant.latest()).toMatchObject({ version: 1, value: 96 });
  } finally {
    await plant.historian.close();
    plant.journal.close();
    await rm(dir, { recursive: true });
  }
});
