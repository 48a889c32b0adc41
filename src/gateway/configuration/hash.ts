import { createHash } from "node:crypto";
import type { ConfigurationSource } from "../../config/configuration.ts";

/** The same for the same files wherever they lie, and for no others: SHA-256, 64 hexadecimal digits. The plant file may have
 *  any name. Secrets are not part of it, only where they are kept. */
export function configurationHash(sources: readonly Omit<ConfigurationSource, "path">[]): string {
  const named = sources.map(({ kind, name, text }) => [kind, kind === "plant" ? "" : name, text] as const);
  const sorted = named.sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex");
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
