import { resolve } from "node:path";
import type { OpcUaConnection } from "../config/plant.ts";
import { ConnectionLost } from "../domain/errors.ts";
import { draftProfile } from "../drivers/opcua/profile-draft.ts";
import { readArguments, UsageError } from "./arguments.ts";
import type { Command } from "./arguments.ts";
import { createLog } from "./log.ts";

const TIMEOUT_MS = 10_000;

/** `puma browse opc.tcp://… [--node ID] [--trust THUMBPRINT] [--insecure]`: walks a server and prints a profile to start from.
 *  Certificates are kept in ./data, as those of a plant file in this folder would be. */
export const browse: Command = async (args) => {
  const options = {
    node: { type: "string" },
    trust: { type: "string" },
    insecure: { type: "boolean" },
  } as const;
  const { values, positionals } = readArguments(args, options, ["opc.tcp://HOST:PORT/PATH"]);
  const [endpoint = ""] = positionals;
  if (!/^opc\.tcp:\/\/[^/]+/.test(endpoint))
    throw new UsageError(`"${endpoint}" is not an address like opc.tcp://host:4840/path.`);
  const node = typeof values["node"] === "string" ? values["node"] : null;
  const dataDir = resolve("data");
  const { browseServer } = await import("../drivers/opcua/browse.ts");
  const { trustCertificate } = await import("../drivers/opcua/trust.ts");
  try {
    if (typeof values["trust"] === "string") await trustCertificate(dataDir, values["trust"]);
    const connection = connectionTo(endpoint, values["insecure"] === true);
    const found = await browseServer({ connection, node, dataDir, log: createLog("error") });
    process.stdout.write(draftProfile("my-server", endpoint, found));
    return 0;
  } catch (error) {
    if (!(error instanceof Error) || (values["trust"] === undefined && !(error instanceof ConnectionLost)))
      throw error;
    const hint = error.message.includes("thumbprint")
      ? `Here: puma browse ${endpoint} --trust THUMBPRINT\n`
      : "";
    process.stderr.write(`${error.message}\n${hint}`);
    return 1;
  }
};

function connectionTo(endpoint: string, isInsecure: boolean): OpcUaConnection {
  return {
    id: "browse",
    protocol: "opcua",
    endpoint,
    timeoutMs: TIMEOUT_MS,
    publishingMs: 1_000,
    identity: { kind: "anonymous" },
    security: isInsecure
      ? { mode: "None", policy: "None" }
      : { mode: "SignAndEncrypt", policy: "Basic256Sha256" },
  };
}
