import type { Command } from "./arguments.ts";

/** `puma simulate PLANT.yaml`: only the simulated devices, on the plant file's own endpoints. */
export const simulate: Command = async (args) => {
  const { runSimulators } = await import("../../simulators/main.ts");
  return runSimulators(args);
};
