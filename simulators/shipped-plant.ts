import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The plant file that the process model belongs to: beside the simulators in a checkout, one floor up in a packed copy. */
export const SHIPPED_PLANT =
  ["../devices/plants/puma.yaml", "../../devices/plants/puma.yaml"]
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(path)) ?? "puma.yaml";
