import type { Plant } from "./plant.ts";
import type { SecretReferences } from "./secrets.ts";

/** A plant and all that it was read from. */
export interface Configuration {
  readonly plant: Plant;
  /** The plant file first, then the profiles and the texts that it uses. */
  readonly sources: readonly ConfigurationSource[];
  readonly secrets: SecretReferences;
  /** The data folder as the plant file writes it. */
  readonly dataDir: string;
}

/** One file of a configuration, as it was read. Texts that come with the gateway are none: they go with its version. */
export interface ConfigurationSource {
  readonly kind: "plant" | "profile" | "text";
  /** `grinding-plc.yaml` */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/** Certificates and keys that the plant file names, absolute: of them, plant.ts has every path in a key that ends in `File`. */
export function certificateFiles(plant: Plant): readonly string[] {
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, part] of Object.entries(value)) {
      if (typeof part === "string" && key.endsWith("File")) found.add(part);
      else look(part);
    }
  };
  look([plant.connections, plant.outputs, plant.broker, plant.http]);
  return [...found];
}
