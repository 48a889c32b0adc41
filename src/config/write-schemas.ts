import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { schemaFiles } from "./schema-files.ts";

/** `node src/config/write-schemas.ts` writes the JSON Schemas that the YAML files name in their first line. */
const folder = join(import.meta.dirname, "..", "..", "devices", "schema");
mkdirSync(folder, { recursive: true });
for (const { name, json } of schemaFiles()) writeFileSync(join(folder, name), json);
