import { readFile } from "node:fs/promises";
import type { MqttOutputConfig } from "../config/plant.ts";
import { ConnectionLost } from "../domain/errors.ts";
import { say } from "../domain/said.ts";

/** What a TLS connection needs, as Node takes it. */
export interface Credentials {
  readonly minVersion: "TLSv1.2";
  readonly rejectUnauthorized: true;
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** Reads the files at every connection, so that a certificate can be renewed without a restart.
 *  Throws ConnectionLost where one cannot be read. */
export async function readCredentials(tls: MqttOutputConfig["tls"]): Promise<Credentials> {
  const always = { minVersion: "TLSv1.2", rejectUnauthorized: true } as const;
  if (tls === null) return always;
  const [ca, cert, key] = await Promise.all([tls.caFile, tls.certificateFile, tls.keyFile].map(readPem));
  return {
    ...always,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

/** Throws ConnectionLost where the file cannot be read. */
export async function readPem(file: string | null): Promise<Buffer | undefined> {
  if (file === null) return undefined;
  return readFile(file).catch((error: Error) => {
    throw new ConnectionLost(say("pem-of-output", { file, why: error.message }), { cause: error });
  });
}
