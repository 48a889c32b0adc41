import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plantAt } from "../../simulators/endpoints.ts";
import { startPlant } from "../../simulators/index.ts";
import type { SimulatedPlant, StartOptions } from "../../simulators/index.ts";
import type { Plant } from "../../src/config/plant.ts";
import type { Log } from "../../src/domain/ports.ts";
import { systemClock } from "../../src/domain/system-clock.ts";
import type { Clock } from "../../src/domain/time.ts";
import { trustCertificateFile } from "../../src/drivers/opcua/trust.ts";
import { startGateway } from "../../src/gateway/gateway.ts";
import type { GatewayOptions } from "../../src/gateway/gateway-options.ts";
import type { Gateway } from "../../src/gateway/gateway.ts";

export const root = join(import.meta.dirname, "..", "..");

/** Throws nothing away and prints nothing: tests look at what was said. */
export function createMemoryLog(): Log & {
  readonly lines: { level: string; facts: object; sentence: string }[];
} {
  const lines: { level: string; facts: object; sentence: string }[] = [];
  const at = (level: string) => (facts: object, sentence: string) => {
    lines.push({ level, facts, sentence });
  };
  return { lines, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

export interface RunningPlant extends AsyncDisposable {
  readonly simulated: SimulatedPlant;
  readonly gateway: Gateway;
  readonly log: ReturnType<typeof createMemoryLog>;
}

/** A simulated plant and the gateway that polls it over real sockets, on any free ports. */
export async function runPlant(
  file: string | Plant,
  changes: (plant: Plant) => Plant | Promise<Plant> = (plant) => plant,
  options: Partial<StartOptions> = {},
  clock: Clock = systemClock,
  more: Partial<Pick<GatewayOptions, "webDir" | "simulators" | "passwordCost" | "origin" | "speed">> = {},
): Promise<RunningPlant> {
  const dataDir = await mkdtemp(join(tmpdir(), "puma-gateway-"));
  const simulated = await startPlant({ plant: file, ports: "ephemeral", trustAll: true, clock, ...options });
  if (simulated.serverCertificateFile !== null)
    await trustCertificateFile(dataDir, simulated.serverCertificateFile);
  const found = plantAt(simulated.plant, simulated.endpoints);
  const http = { ...found.http, port: 0, auth: "none" as const };
  const plant = await changes({
    ...found,
    data: { ...found.data, dir: dataDir },
    http,
    outputs: [],
    broker: null,
  });
  const log = createMemoryLog();
  const gateway = await startGateway({
    plant,
    version: "test",
    clock,
    speed: 1,
    sinkClock: systemClock,
    seed: 1,
    log,
    webDir: join(root, "dist", "web"),
    ...more,
  });
  return {
    simulated,
    gateway,
    log,
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      await simulated.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
