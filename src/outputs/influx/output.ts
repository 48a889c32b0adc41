import { say } from "../../domain/said.ts";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type { InfluxOutputConfig } from "../../config/plant.ts";
import { maskSecrets } from "../../domain/mask.ts";
import type { AlarmEvent } from "../../domain/alarm.ts";
import type { ReadingBatch } from "../../domain/batch.ts";
import { ConnectionLost } from "../../domain/errors.ts";
import type { PublishedFigure } from "../../domain/metric.ts";
import type { Gap, Output, Rejection } from "../../domain/ports.ts";
import type { OutputContext } from "../context.ts";
import { createDatabase } from "./database.ts";
import { endpointOf } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { createHttpClient } from "./http.ts";
import type { HttpClient } from "./http.ts";
import { alarmLine, figureLine, gapLine, LineEncoder } from "./line.ts";
import { watchPulse } from "./pulse.ts";
import type { Pulse } from "./pulse.ts";
import { judge } from "./reply.ts";
import type { Verdict } from "./reply.ts";
import { writeLines } from "./split.ts";

const compress = promisify(gzip);
const NEVER = new AbortController().signal;

/** Readings as line protocol to InfluxDB 1, 2 or 3, or to whatever else speaks one of their write interfaces. A write
 *  resolves when every line is stored or refused for good; identity is (series, time), so that writing a batch twice
 *  stores it once. VictoriaMetrics says yes to lines that it cannot read: nothing is ever refused there. */
export function createInfluxOutput(context: OutputContext<InfluxOutputConfig>): Output {
  return new InfluxOutput(context);
}

class InfluxOutput implements Output {
  readonly #context: OutputContext<InfluxOutputConfig>;
  readonly #endpoint: Endpoint;
  readonly #http: HttpClient;
  readonly #encoder: LineEncoder;
  #pulse: Pulse | null = null;
  #isClosed = false;

  constructor(context: OutputContext<InfluxOutputConfig>) {
    const { config, plant, clock } = context;
    this.#context = context;
    this.#endpoint = endpointOf(config);
    this.#http = createHttpClient(this.#endpoint.base, config.caFile, clock);
    this.#encoder = new LineEncoder(plant.id, plant.tags, config.batchReadingsMax);
  }

  /** Any answer will do but one of a server in trouble: credentials and database show with the first write. */
  async connect(signal: AbortSignal): Promise<void> {
    this.#assertOpen();
    signal.throwIfAborted();
    this.#pulse?.stop();
    await this.#ping(signal);
    this.#pulse = watchPulse(this.#context.clock, (until) => this.#ping(until));
  }

  async #ping(signal: AbortSignal): Promise<void> {
    const { base, pingPath: path, headers } = this.#endpoint;
    const { authorization } = headers;
    const credentials = authorization === undefined ? {} : { authorization };
    const { status } = await this.#http.send(
      { method: "GET", path, headers: credentials, body: null },
      signal,
    );
    if (status >= 500) throw new ConnectionLost(say("ping-answered", { host: base.host, status }));
  }

  async write(batch: ReadingBatch, signal: AbortSignal): Promise<readonly Rejection[]> {
    this.#assertOpen();
    signal.throwIfAborted();
    const { batchReadingsMax } = this.#context.config;
    const rejections: Rejection[] = [];
    for (let from = 0; from < batch.length; from += batchReadingsMax) {
      const to = Math.min(batch.length, from + batchReadingsMax);
      const lines = this.#encoder.encode(batch, from, to);
      for (const { line, reason } of await writeLines(lines, (bytes) => this.#post(bytes, signal)))
        rejections.push({ row: lines.firstRow + line, reason });
    }
    return rejections;
  }

  /** Readings that were lost, as one line of the measurement `gap` at the time of the last of them. */
  async gap(gap: Gap, signal: AbortSignal): Promise<void> {
    const { config, plant } = this.#context;
    await this.#tell([gapLine(plant.id, config.id, gap)], "gap", signal);
  }

  lost(): AbortSignal {
    return this.#pulse?.lost ?? NEVER;
  }

  /** Figures as lines of the measurement `metric`. */
  async figures(figures: readonly PublishedFigure[], signal: AbortSignal): Promise<void> {
    const { id } = this.#context.plant;
    const lines = figures.map((figure) => figureLine(id, figure));
    await this.#tell(lines, "metric", signal);
  }

  /** One line of the measurement `alarm` for each, at its time. */
  async alarms(events: readonly AlarmEvent[], signal: AbortSignal): Promise<void> {
    const { id } = this.#context.plant;
    const lines = events.map((event) => alarmLine(id, event));
    await this.#tell(lines, "alarm", signal);
  }

  async #tell(lines: readonly string[], measurement: string, signal: AbortSignal): Promise<void> {
    this.#assertOpen();
    const { kind } = await this.#post(Buffer.from(lines.join("")), signal);
    if (kind === "stored") return;
    const { config, log } = this.#context;
    log.error({ output: config.id, measurement, lines: lines.length }, "output refused lines for good");
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#pulse?.stop();
    this.#http.close();
  }

  /** Posts lines; where the database is missing, creates it and posts them once more. */
  async #post(bytes: Uint8Array, signal: AbortSignal): Promise<Exclude<Verdict, { kind: "no-database" }>> {
    const first = await this.#postOnce(bytes, signal);
    if (first.kind !== "no-database") return first;
    const { config, clock, log } = this.#context;
    const { base, secrets } = this.#endpoint;
    const { host } = base;
    if (config.version !== 1 || config.database === null)
      throw new ConnectionLost(say("no-database", { host, why: first.reason }));
    log.info({ output: config.id, database: config.database }, "Creating the database");
    await createDatabase(config, config.database, secrets, clock, signal);
    const second = await this.#postOnce(bytes, signal);
    if (second.kind !== "no-database") return second;
    throw new ConnectionLost(say("database-unfound", { host, why: second.reason }));
  }

  async #postOnce(bytes: Uint8Array, signal: AbortSignal): Promise<Verdict> {
    const { config, clock } = this.#context;
    const { base, writePath: path, headers, secrets } = this.#endpoint;
    const body = config.gzip ? await compress(bytes, { level: constants.Z_BEST_SPEED }) : bytes;
    const reply = await this.#http.send({ method: "POST", path, headers, body }, signal);
    this.#pulse?.beat();
    return judge({ ...reply, body: maskSecrets(reply.body, secrets) }, base.host, clock.now());
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new ConnectionLost(say("output-closed"));
  }
}
