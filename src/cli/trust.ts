import { loadPlant } from "../config/load.ts";
import type { Plant } from "../config/plant.ts";
import { systemClock } from "../domain/system-clock.ts";
import { listCertificates, removeCertificate, trustCertificate } from "../drivers/opcua/trust.ts";
import type { CertificateEntry } from "../drivers/opcua/trust.ts";
import { readArguments, UsageError } from "./arguments.ts";
import type { Command } from "./arguments.ts";
import { ownCertificateText } from "./certificate-text.ts";
import { formatTable } from "./table.ts";

/** `puma trust PLANT.yaml list|add THUMBPRINT|remove THUMBPRINT`: which OPC UA servers the gateway believes; the list also says by what the gateway's own page is known. */
export const trust: Command = async (args) => {
  const { positionals } = readArguments(args, {}, ["PLANT.yaml", "list|add|remove", "[THUMBPRINT]"]);
  const [file = "", action = "", thumbprint] = positionals;
  const plant = loadPlant(file);
  const { dir } = plant.data;
  if (action === "list") {
    const entries = await listCertificates(dir);
    process.stdout.write(
      entries.length === 0 ? "No certificates of OPC UA servers yet.\n" : describe(entries),
    );
    process.stdout.write(await pageText(plant));
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

async function pageText(plant: Plant): Promise<string> {
  if (plant.http.tls?.kind !== "generated") return "";
  const { listenerCertificate } = await import("../security/listener-certificate.ts");
  return `\n${ownCertificateText(listenerCertificate(plant.http.tls, plant, systemClock.now()))}\n`;
}

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
