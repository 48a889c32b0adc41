import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { billOfShipped } from "../../../docs/deploy/debian/bill-of-materials.ts";
import type { Bill } from "../../../docs/deploy/debian/bill-of-materials.ts";

const root = join(import.meta.dirname, "..", "..", "..");

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version: string; readonly dev?: boolean }>>;
}

const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as Lock;
const everything = JSON.parse(
  execFileSync("npm", ["sbom", "--package-lock-only", "--sbom-format=cyclonedx"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  }),
) as Bill;

const named = (path: string): string =>
  `${path.split("node_modules/").at(-1)}@${packages[path]?.version ?? ""}`;
const namesOf = ({ components }: Bill): string[] => components.map((one) => one["bom-ref"]).sort();

describe("the bill of materials", () => {
  it("names every package that the gateway loads, also those that its tools need too, and no tool", () => {
    const loaded = Object.keys(packages).filter((path) => path !== "" && packages[path]?.dev !== true);
    const names = namesOf(billOfShipped(everything, ""));
    expect(names).toEqual([...new Set(loaded.map(named))].sort());
    expect(names).toContain(named("node_modules/yaml"));
    expect(names).not.toContain(named("node_modules/vite"));
  });

  it("names what is built into the page", () => {
    const [preact, font] = [
      named("node_modules/preact"),
      named("node_modules/@fontsource-variable/ibm-plex-sans"),
    ];
    const headings = [preact, font].map((one) => `## ${one.replace(/@(?=[^@]*$)/u, " - ")} (MIT)\n`);
    const bill = billOfShipped(everything, headings.join("\n"));
    expect(namesOf(bill)).toEqual([...namesOf(billOfShipped(everything, "")), preact, font].sort());
  });

  it("leads to nothing that it does not name", () => {
    const bill = billOfShipped(everything, "");
    const names = new Set(namesOf(bill));
    const led = bill.dependencies.flatMap(({ dependsOn }) => dependsOn);
    expect(led.filter((one) => !names.has(one))).toEqual([]);
    expect(led.length).toBeGreaterThan(names.size / 2);
  });
});
