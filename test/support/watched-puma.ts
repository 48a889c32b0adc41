import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { openControl } from "../../simulators/control.ts";
import type { Control } from "../../simulators/control.ts";
import { loadConfiguration } from "../../src/config/load.ts";
import type { Reading } from "../../src/domain/batch.ts";
import { severity } from "../../src/domain/status.ts";
import { systemClock } from "../../src/domain/system-clock.ts";
import { createSimulatorDesk } from "../../src/gateway/simulator-channel.ts";
import { root, runPlant } from "./plant.ts";
import type { RunningPlant } from "./plant.ts";
import { until } from "./until.ts";

export interface WatchedPuma {
  readonly httpUrl: string;
  readingOf(id: string): Reading;
}

/** The simulated Puma plant with its page and the page of its simulators, from before the first test of a file until after the last,
 *  well to begin with. */
export function usePuma(webDir: string): WatchedPuma {
  let dir: string;
  let puma: RunningPlant;
  let control: Control;
  const readingOf = (id: string): Reading => {
    const { view } = puma.gateway;
    return view.reading(view.plant.tags.find((tag) => tag.id === id)?.index ?? -1);
  };
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "puma-watched-"));
    const socket = join(dir, "control.sock");
    const file = join(root, "devices", "plants", "puma.yaml");
    const started = loadConfiguration(file);
    const origin = { started, read: () => started };
    const more = { webDir, simulators: createSimulatorDesk(socket), origin };
    puma = await runPlant(file, undefined, {}, systemClock, more);
    control = await openControl(puma.simulated, socket);
    await until(() => severity(readingOf("FT-207").status) === 0, 60_000);
  });
  afterAll(async () => {
    await control.close();
    await puma[Symbol.asyncDispose]();
    await rm(dir, { recursive: true });
  });
  return {
    get httpUrl() {
      return puma.gateway.httpUrl;
    },
    readingOf,
  };
}
