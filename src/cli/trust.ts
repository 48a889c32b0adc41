import { loadPlant } from "../config/load.ts";
import { listCertificates, removeCertificate, trustCertificate } from "../drivers/opcua/trust.ts";
import type { CertificateEntry } from "../drivers/opcua/trust.ts";
import { readArguments, UsageError } from "./arguments.ts";
import type { Command } from "./arguments.ts";
import { formatTable } from "./table.ts";

/** `puma trust PLANT.yaml list|add THUMBPRINT|remove THUMBPRINT`: which OPC UA servers the gateway believes. */
export const trust: Command = async (args) => {
  const { positionals } = readArguments(args, {}, ["PLANT.yaml", "list|add|remove", "[THUMBPRINT]"]);
  const [file = "", action = "", thumbprint] = positionals;
  const { dir } = loadPlant(file).data;
  if (action === "list") {
    const entries = await listCertificates(dir);
    process.stdout.write(entries.length === 0 ? "No certificates yet.\n" : describe(entries));
    return 0;
  }
  const change = Object.hasOwn(CHANGES, action) ? CHANGES[action] : undefined;
  if (change === undefined) throw new UsageError(`"${action}" is not one of list, add, remove.`);
  if (thumbprint === undefined) throw new UsageError("THUMBPRINT is missing; list shows them.");
  try {
    const { subject, thumbprint: whole } = await change.make(dir, thumbprint);
    process.stdout.write(`${change.done}: ${subject} ${whole}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  }
};

interface Change {
  readonly done: string;
  readonly make: (dataDir: string, thumbprint: string) => Promise<CertificateEntry>;
}

const CHANGES: Readonly<Record<string, Change>> = {
  add: { done: "Trusted", make: trustCertificate },
  remove: { done: "Removed", make: removeCertificate },
};

function describe(entries: readonly CertificateEntry[]): string {
  const rows = entries.map((entry) => [
    entry.state,
    entry.thumbprint,
    entry.subject,
    entry.applicationUri ?? "–",
    entry.validUntil.slice(0, 10),
  ]);
  return formatTable(["state", "thumbprint", "subject", "application", "valid to"], rows);
}
