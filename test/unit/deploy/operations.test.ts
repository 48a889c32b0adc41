import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Live } from "../../../src/http/live.ts";
import { buildHttp } from "../../../src/http/server.ts";
import { silentLog } from "../../support/http-server.ts";
import { connectionHealthOf, deviceHealthOf, memoryView, outputHealthOf } from "../../support/http-view.ts";
import { root } from "../../support/plant.ts";
import { tagOf } from "../../support/tags.ts";
import { virtualClock } from "../../support/virtual-clock.ts";

const deploy = join(root, "docs", "deploy");

/** Words of the query language, and what Prometheus itself adds. */
const WORDS = new Set([
  "up",
  "or",
  "for",
  "rate",
  "increase",
  "changes",
  "state",
  "job",
  "puma",
  "silent",
  "disconnected",
]);

describe("the alert rules for Prometheus", () => {
  it("name only what the gateway exports", async () => {
    const view = memoryView([tagOf(0)]);
    view.health.devices.push(deviceHealthOf("P1"));
    view.health.outputs.push(outputHealthOf("influx", { dropped: { "spool-full": 1 } }));
    view.health.connections.push(connectionHealthOf("crushing"));
    const context = { view, clock: virtualClock(), log: silentLog, webDir: "/nowhere" };
    const app = await buildHttp(context, new Live(context));
    const { body } = await app.inject("/metrics");
    await app.close();
    const exported = new Set([...body.matchAll(/^([a-z_0-9]+)[ {]/gmu)].map(([, name]) => name));
    const { groups } = parse(readFileSync(join(deploy, "prometheus", "puma.rules.yaml"), "utf8")) as {
      groups: { rules: { alert: string; expr: string; annotations: { summary: string } }[] }[];
    };
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(10);
    for (const { alert, expr, annotations } of rules) {
      const names = [...expr.matchAll(/\b[a-z][a-z_]{2,}\b/gu)]
        .map(([name]) => name)
        .filter((one) => !WORDS.has(one));
      expect(
        names.filter((name) => !exported.has(name)),
        alert,
      ).toEqual([]);
      expect(annotations.summary.length, alert).toBeGreaterThan(10);
    }
  });
});

interface Locked {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly license?: string;
  readonly dev?: boolean;
  readonly version: string;
}

describe("what the gateway is made of", () => {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, Locked>;
  };
  const others = Object.entries(packages).filter(([path]) => path !== "");
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  ) as Record<string, Record<string, string>>;

  it("comes from a registry alone, every package with its hash", () => {
    expect(others.length).toBeGreaterThan(300);
    for (const [path, { integrity, resolved, link }] of others) {
      expect([path, integrity]).toEqual([path, expect.stringMatching(/^sha512-/u)]);
      expect([path, link]).toEqual([path, undefined]);
      if (resolved !== undefined) expect(resolved).toMatch(/^https:\/\/[^/]+\/.+\.tgz$/u);
    }
  });

  it("is named in exact versions, and at most 25 packages of it directly", () => {
    for (const [name, version] of Object.entries({
      ...dependencies,
      ...devDependencies,
      ...optionalDependencies,
    }))
      expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+(-[\w.]+)?$/u)]);
    expect(Object.keys(dependencies ?? {}).length).toBeLessThanOrEqual(25);
  });

  it("has licences that let it be passed on", () => {
    const allowed =
      /^\(?(MIT|ISC|BSD-[23]-Clause|0BSD|Apache-2\.0|BlueOak-1\.0\.0|Unlicense|EPL-2\.0|CC0-1\.0|Python-2\.0)\b/u;
    const odd = others.filter(
      ([, { dev, license }]) => dev !== true && license !== undefined && !allowed.test(license),
    );
    expect(odd.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
  });
});
