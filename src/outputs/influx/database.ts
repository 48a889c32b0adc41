import { InfluxDB } from "influx";
import type { InfluxOutputConfig } from "../../config/plant.ts";
import { maskSecrets } from "../../domain/mask.ts";
import { ConnectionLost } from "../../domain/errors.ts";
import { readPem } from "../credentials.ts";

const DEADLINE_MS = 5000;

/** A client that is made for one question: the library's own back-off would outlive it and refuse the next one. */
function client(config: InfluxOutputConfig, ca: Buffer | undefined): InfluxDB {
  const url = new URL(config.url);
  const isHttps = url.protocol === "https:";
  const usualPort = isHttps ? 443 : 80;
  return new InfluxDB({
    protocol: isHttps ? "https" : "http",
    host: url.hostname,
    port: url.port === "" ? usualPort : Number(url.port),
    path: url.pathname.replace(/(?<!\/)\/+$/u, ""),
    ...(config.user === null ? {} : { username: config.user, password: config.password ?? "" }),
    ...(ca === undefined ? {} : { options: { ca } }),
    pool: { maxRetries: 0, requestTimeout: DEADLINE_MS },
  });
}

/** Creates the database with the server's default retention; no error when it exists. */
export async function createDatabase(
  config: InfluxOutputConfig,
  database: string,
  secrets: readonly string[],
): Promise<void> {
  try {
    await client(config, await readPem(config.caFile)).createDatabase(database);
  } catch (error) {
    const reason = maskSecrets((error as Error).message, secrets);
    const sentence = `The database ${database} does not exist and cannot be created: ${reason}`;
    throw new ConnectionLost(sentence, { cause: error });
  }
}
