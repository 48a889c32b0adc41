import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { blocksOf, documents } from "../support/documents.ts";
import { programPath, temporaryFolder } from "../support/program.ts";

const page = documents.find(({ path }) => path === "docs/zones.md")!;

/** The rules of the page as the kernel of a network of its own has taken them. */
function takenRules(): string {
  using folder = temporaryFolder();
  const file = join(folder.path, "puma.nft");
  writeFileSync(file, blocksOf(page, "nft").join(""));
  const nft = programPath("nft", "nftables");
  const load = '"$0" -f "$1" && "$0" list ruleset';
  return execFileSync(programPath("unshare", "util-linux"), ["-rn", "sh", "-c", load, nft, file], {
    encoding: "utf8",
  });
}

/** Ports that the rules of a chain let through, by the network that they are on. */
function openedBy(rules: string, chain: string): Record<string, number[]> {
  const [, body = ""] = new RegExp(`chain ${chain} \\{([^]*?)\\n\\t\\}`, "u").exec(rules) ?? [];
  const opened: Record<string, number[]> = {};
  for (const [, network = "", ports = ""] of body.matchAll(/[io]ifname "(\w+)" \w+ dport ([^a]+) accept/gu))
    opened[network] = [...(opened[network] ?? []), ...[...ports.matchAll(/\d+/gu)].map(Number)];
  return opened;
}

/** The usual ports in a table of the page. */
function portsUnder(heading: string): number[] {
  const [, section = ""] = page.text.split(new RegExp(`^## ${heading}$`, "mu"));
  const [table = ""] = section.split(/^## /mu);
  return [...table.matchAll(/^\| `.*?\| (\d+) +\|/gmu)].map(([, port]) => Number(port));
}

it("the kernel takes the firewall of the zone page, and it opens the ports of its tables and no other", () => {
  const rules = takenRules();
  expect(rules.match(/policy drop/gu)).toHaveLength(3);
  expect(openedBy(rules, "forward")).toEqual({});
  // People who look after the machine come by SSH; and the time comes from the plant's own server.
  const { service, ...comers } = openedBy(rules, "in");
  expect(service).toEqual([22]);
  expect(portsUnder("What listens")).toEqual(expect.arrayContaining(Object.values(comers).flat()));
  expect(Object.keys(comers)).toEqual(["control"]);
  const { control, ...places } = openedBy(rules, "out");
  expect(control).toEqual([123]);
  expect(new Set(Object.values(places).flat())).toEqual(new Set(portsUnder("Where it goes")));
});
