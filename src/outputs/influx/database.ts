import http from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";
import { InfluxDB } from "influx";
import type { InfluxOutputConfig } from "../../config/plant.ts";
import { maskSecrets } from "../../domain/mask.ts";
import { ConnectionLost } from "../../domain/errors.ts";
import { say } from "../../domain/said.ts";
import { within } from "../../domain/time.ts";
import type { Clock } from "../../domain/time.ts";
import { readPem } from "../credentials.ts";

/** From the question to the end of its answer. */
const DEADLINE_MS = 5000;
/** Of all that comes back on its connection: an answer is a line. */
const ANSWER_BYTES_MAX = 65_536;
const REASON_LENGTH_MAX = 200;

/** Creates the database with the server's default retention; no error when it exists. */
export async function createDatabase(
  config: InfluxOutputConfig,
  database: string,
  secrets: readonly string[],
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const { agent, broken } = boundedAgent(config.url);
  try {
    const asked = client(config, agent, await readPem(config.caFile)).createDatabase(database);
    const late = (): Error => new Error(`no answer within ${DEADLINE_MS / 1000} s`);
    await within(clock, DEADLINE_MS, Promise.race([asked, broken]), late, signal);
  } catch (error) {
    signal.throwIfAborted();
    const reason = maskSecrets((error as Error).message, secrets).slice(0, REASON_LENGTH_MAX);
    throw new ConnectionLost(say("database-unmade", { database, why: reason }), { cause: error });
  } finally {
    agent.destroy();
  }
}

/** A client that is made for one question: the library's own back-off would outlive it and refuse the next one. */
function client(config: InfluxOutputConfig, agent: http.Agent, ca: Buffer | undefined): InfluxDB {
  const url = new URL(config.url);
  const isHttps = url.protocol === "https:";
  const usualPort = isHttps ? 443 : 80;
  return new InfluxDB({
    protocol: isHttps ? "https" : "http",
    host: url.hostname,
    port: url.port === "" ? usualPort : Number(url.port),
    path: url.pathname.replace(/(?<!\/)\/+$/u, ""),
    ...(config.user === null ? {} : { username: config.user, password: config.password ?? "" }),
    options: { agent, ...(ca === undefined ? {} : { ca }) },
    pool: { maxRetries: 0, requestTimeout: DEADLINE_MS },
  });
}

/** The library gathers an answer however long it is, and waits for ever for one that breaks off: so its connection counts what
 *  comes, and \`broken\` rejects when that is too much, or when the connection ends before its answer does. */
function boundedAgent(url: string): { readonly agent: http.Agent; readonly broken: Promise<never> } {
  const { Agent } = url.startsWith("https:") ? https : http;
  const agent = new Agent();
  const { promise: broken, reject } = Promise.withResolvers<never>();
  broken.catch(() => undefined); // where there was no question, nobody waits for its end
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, opened) => {
    const socket = connect(options, opened) as Duplex;
    let bytes = 0;
    let end = new Error("the reply broke off");
    socket.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= ANSWER_BYTES_MAX) return;
      end = new Error(`the reply is longer than ${ANSWER_BYTES_MAX} bytes`);
      socket.destroy();
    });
    socket.once("close", () => reject(end));
    return socket;
  };
  return { agent, broken };
}
