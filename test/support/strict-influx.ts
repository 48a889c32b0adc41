import http from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { parseLine } from "./line-protocol.ts";
import type { ParsedLine } from "./line-protocol.ts";

export type Version = 1 | 2 | 3;

export interface StrictInflux extends AsyncDisposable {
  readonly url: string;
  /** Fields by `measurement,tag=value,… time`: a point written again overwrites. */
  readonly points: Map<string, ParsedLine["fields"]>;
  /** The type that a field got with its first point, by `measurement field`. */
  readonly types: Map<string, string>;
  /** Answers to writes, in order. */
  readonly answers: number[];
  /** The next writes are put off with 429 and this Retry-After, s. */
  readonly busy: number[];
  /** Existing databases or buckets. */
  readonly databases: Set<string>;
  token: string;
  bodyBytesMax: number;
  /** Points before this time are beyond the retention policy, ms. */
  retainedFrom: number;
}

interface Reply {
  readonly status: number;
  readonly body?: object;
  readonly headers?: Record<string, string>;
}

/** The query that each version demands, and the name in it of what is written into. */
const ROUTES: Record<
  Version,
  { path: string; keys: readonly string[]; database: string; precision: string }
> = {
  1: { path: "/write", keys: ["db", "precision"], database: "db", precision: "ms" },
  2: {
    path: "/api/v2/write",
    keys: ["org", "bucket", "precision"],
    database: "bucket",
    precision: "ms",
  },
  3: {
    path: "/api/v3/write_lp",
    keys: ["db", "precision"],
    database: "db",
    precision: "millisecond",
  },
};

const failure = (version: Version, code: string, message: string): object =>
  version === 2 ? { code, message } : { error: message };

/** The write interface of one version of InfluxDB with the answers that its documentation and its source give: routes,
 *  credentials, types of fields, retention, partial writes, bounds. Nothing is stored that the real one would refuse. */
export async function startStrictInflux(version: Version): Promise<StrictInflux> {
  const types = new Map<string, string>();
  const server = http.createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const url = new URL(incoming.url ?? "", "http://double");
      const bytes = Buffer.concat(chunks);
      const { status, body, headers } = answer(incoming, url, bytes);
      if (url.pathname === ROUTES[version].path) double.answers.push(status);
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
  });

  function answer(request: http.IncomingMessage, url: URL, bytes: Buffer): Reply {
    if (url.pathname === "/ping") return { status: request.method === "GET" ? 204 : 405 };
    if (version === 1 && url.pathname === "/query") return query(`${url.search}${bytes.toString()}`);
    const refusal =
      refuseAddress(request, url) ?? refuseCredentials(request) ?? refuseDatabase(url) ?? refuseNow(bytes);
    if (refusal !== null) return refusal;
    const isPacked = request.headers["content-encoding"] === "gzip";
    return write((isPacked ? gunzipSync(bytes) : bytes).toString());
  }

  function refuseAddress(
    { method }: http.IncomingMessage,
    { pathname, search, searchParams }: URL,
  ): Reply | null {
    const { path, keys, precision } = ROUTES[version];
    if (pathname !== path || method !== "POST") return { status: 404, body: { error: "no such route" } };
    const given = [...searchParams.keys()].sort().join();
    if (given === [...keys].sort().join() && searchParams.get("precision") === precision) return null;
    return { status: 400, body: failure(version, "invalid", `bad query ${search}`) };
  }

  function refuseCredentials({ headers }: http.IncomingMessage): Reply | null {
    const expected = version === 3 ? `Bearer ${double.token}` : `Token ${double.token}`;
    if (headers.authorization === expected) return null;
    return { status: 401, body: failure(version, "unauthorized", "unauthorized access") };
  }

  /** Version 3 makes what is not there. */
  function refuseDatabase({ searchParams }: URL): Reply | null {
    const name = searchParams.get(ROUTES[version].database) ?? "";
    if (version === 3) double.databases.add(name);
    if (double.databases.has(name)) return null;
    return { status: 404, body: failure(version, "not found", notFound(name)) };
  }

  function refuseNow({ length }: Buffer): Reply | null {
    const seconds = double.busy.shift();
    if (seconds !== undefined) {
      const headers = { "retry-after": String(seconds) };
      return { status: 429, body: failure(version, "too many requests", "limit reached"), headers };
    }
    if (length <= double.bodyBytesMax) return null;
    return { status: 413, body: failure(version, "request too large", "Request Entity Too Large") };
  }

  function query(text: string): Reply {
    const name = /create\s+database\s+"?(\w+)/iu.exec(decodeURIComponent(text.replaceAll("+", " ")))?.[1];
    if (name === undefined) return { status: 400, body: { error: "error parsing query" } };
    double.databases.add(name);
    return { status: 200, body: { results: [{ statement_id: 0 }] } };
  }

  const notFound = (name: string): string =>
    version === 1 ? `database not found: "${name}"` : `bucket "${name}" not found`;

  /** Bad syntax refuses a whole request in versions 1 and 2, and single lines in version 3; a bad type or time refuses
   *  single lines in all of them. */
  function write(text: string): Reply {
    const lines = text.split("\n");
    if (lines.pop() !== "")
      return { status: 400, body: failure(version, "invalid", "the last line is cut off") };
    const judged = lines.map((line, index) => {
      const { point, reason } = judge(line);
      return { line, index, point, reason };
    });
    const broken = judged.find(({ point }) => point === null);
    if (broken !== undefined && version !== 3) {
      const message = `unable to parse '${broken.line}': ${broken.reason}`;
      return { status: 400, body: failure(version, "invalid", message) };
    }
    for (const { point, reason } of judged) if (point !== null && reason === "") store(point);
    const refused = judged.filter(({ reason }) => reason !== "");
    return refused.length === 0 ? { status: 204 } : partial(refused);
  }

  function partial(refused: readonly { line: string; index: number; reason: string }[]): Reply {
    if (version === 3) {
      const data = refused.map(({ line, index, reason }) => ({
        original_line: line,
        line_number: index + 1,
        error_message: reason,
      }));
      return { status: 400, body: { error: "partial write of line protocol occurred", data } };
    }
    const message = `partial write: ${refused[0]?.reason} dropped=${refused.length}`;
    if (version === 1) return { status: 400, body: { error: message } };
    const sentence = `failure writing points to database: ${message}`;
    return { status: 422, body: failure(2, "unprocessable entity", sentence) };
  }

  function judge(line: string): { point: ParsedLine | null; reason: string } {
    let point: ParsedLine;
    try {
      point = parseLine(line);
    } catch (error) {
      return { point: null, reason: (error as Error).message };
    }
    if (point.time < double.retainedFrom) return { point, reason: "points beyond retention policy" };
    for (const [field, value] of Object.entries(point.fields)) {
      const known = types.get(`${point.measurement} ${field}`);
      if (known !== undefined && known !== typeof value)
        return {
          point,
          reason: `field type conflict: input field "${field}" on measurement "${point.measurement}" is type ${typeof value}, already exists as type ${known}`,
        };
    }
    return { point, reason: "" };
  }

  function store({ measurement, tags, fields, time }: ParsedLine): void {
    for (const [field, value] of Object.entries(fields)) types.set(`${measurement} ${field}`, typeof value);
    const series = Object.entries(tags)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `,${key}=${value}`);
    const key = `${measurement}${series.join("")} ${time}`;
    double.points.set(key, { ...double.points.get(key), ...fields });
  }

  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const double: StrictInflux = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    points: new Map(),
    types,
    answers: [],
    busy: [],
    databases: new Set(["puma"]),
    token: "secret",
    bodyBytesMax: 25_000_000,
    retainedFrom: 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return double;
}
