import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { loadProfile } from "../../../src/config/load-profile.ts";
import { draftProfile } from "../../../src/drivers/opcua/profile-draft.ts";
import type { FoundVariable } from "../../../src/drivers/opcua/profile-draft.ts";

function variable(changes: Partial<FoundVariable>): FoundVariable {
  return {
    node: "ns=2;s=Flow",
    name: "Flow",
    folders: ["Skid 1"],
    dataType: 10,
    isArray: false,
    description: "Cyclone feed flow",
    range: { low: 0, high: 40 },
    unit: { unitId: -1, displayName: "m³/h", description: "m3/h" },
    ...changes,
  };
}

function draft(...variables: readonly FoundVariable[]): string {
  return draftProfile("my-server", "opc.tcp://plc:4840", variables);
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe("a device profile drafted from what a server says", () => {
  it("gives each variable its node, type, unit and range", () => {
    expect(draft(variable({}))).toContain(
      'Flow: { title: "Cyclone feed flow", node: "ns=2;s=Flow", type: float32, unit: "m3/h", range: [0, 40] }',
    );
  });

  it.each([
    ["the UNECE common code", { unitId: 5_067_080, displayName: "", description: "" }, 'unit: "m3/h"'], // MQH
    ["the display name", { unitId: -1, displayName: "kPa", description: "kilopascal" }, 'unit: "kPa"'],
    [
      "nothing known",
      { unitId: -1, displayName: "bananas", description: "" },
      "# the server's unit: bananas",
    ],
    ["nothing at all", null, "# the server gives no unit"],
  ])("finds the unit by %s", (_, unit, expected) => {
    expect(draft(variable({ unit }))).toContain(expected);
  });

  it("tells apart what has one name on two skids", () => {
    const text = draft(
      variable({}),
      variable({ node: "ns=2;s=B", folders: ["Skid 2"] }),
      variable({ node: "ns=2;s=C", folders: ["Skid 2"] }),
    );
    expect([...text.matchAll(/^ {2}([\w-]+):/gm)].map((match) => match[1])).toEqual([
      "Flow",
      "Skid-2-Flow",
      "Flow-2",
    ]);
  });

  it("leaves out the standard's own variables and comments on what no tag can hold", () => {
    const text = draft(
      variable({ node: "ns=0;i=2258" }),
      variable({ name: "Curve", isArray: true }),
      variable({ name: "Recipe", dataType: null }),
    );
    expect(text).not.toContain("i=2258");
    expect(text).toContain("# Curve: ns=2;s=Flow holds an array");
    expect(text).toContain("# Recipe: ns=2;s=Flow holds no plain value");
  });

  it("is a sound profile whatever the names and texts of the server", () => {
    const names = ["Flow", "null", "1st", "a: b", "ñandú", "'\"#{}", "Flow\nsecond line", "", "__proto__"];
    const all = names.flatMap((name, index) =>
      [1, 6, 9, 10, 12, 29].map((dataType) =>
        variable({
          name,
          dataType,
          node: `ns=2;s=${index}/${dataType}`,
          description: `${name} "quoted" \\ # `,
        }),
      ),
    );
    const folder = mkdtempSync(join(tmpdir(), "puma-draft-"));
    folders.push(folder);
    writeFileSync(join(folder, "my-server.yaml"), draft(...all));
    const profile = loadProfile(join(folder, "my-server.yaml"));
    expect([...profile.tags]).toHaveLength(all.length);
  });
});
