import type { InfluxOutputConfig } from "../../config/plant.ts";

/** Where lines go and with which credentials. */
export interface Endpoint {
  readonly base: URL;
  readonly writePath: string;
  readonly pingPath: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What no sentence may repeat, though the server may. */
  readonly secrets: readonly string[];
}

/** The three write interfaces of InfluxDB; VictoriaMetrics speaks the first. */
export function endpointOf(config: InfluxOutputConfig): Endpoint {
  const base = new URL(config.url);
  const prefix = base.pathname.replace(/(?<!\/)\/+$/u, "");
  const headers: Record<string, string> = { "content-type": "text/plain; charset=utf-8" };
  const authorization = authorizationOf(config);
  if (authorization !== null) headers["authorization"] = authorization;
  if (config.gzip) headers["content-encoding"] = "gzip";
  return {
    base,
    writePath: `${prefix}${writePathOf(config)}`,
    pingPath: `${prefix}/ping`,
    headers,
    secrets: secretsOf(config, authorization),
  };
}

/** As they are, and as they travel. */
function secretsOf({ token, password }: InfluxOutputConfig, authorization: string | null): string[] {
  const given = [token, password, authorization?.split(" ")[1]];
  return given.filter((secret): secret is string => typeof secret === "string" && secret !== "");
}

function writePathOf({ version, database, organization, bucket }: InfluxOutputConfig): string {
  const [db, org, into] = [database, organization, bucket].map((name) => encodeURIComponent(name ?? ""));
  const paths = {
    1: `/write?db=${db}&precision=ms`,
    2: `/api/v2/write?org=${org}&bucket=${into}&precision=ms`,
    3: `/api/v3/write_lp?db=${db}&precision=millisecond`,
  };
  return paths[version];
}

function authorizationOf({ version, token, user, password }: InfluxOutputConfig): string | null {
  if (token !== null) return version === 3 ? `Bearer ${token}` : `Token ${token}`;
  if (user === null) return null;
  return `Basic ${Buffer.from(`${user}:${password ?? ""}`).toString("base64")}`;
}
