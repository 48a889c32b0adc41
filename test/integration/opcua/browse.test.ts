import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPlant } from "../../../simulators/index.ts";
import type { SimulatedPlant } from "../../../simulators/index.ts";
import type { OpcUaConnection } from "../../../src/config/plant.ts";
import { browseServer } from "../../../src/drivers/opcua/browse.ts";
import { trustCertificateFile } from "../../../src/drivers/opcua/trust.ts";
import { createMemoryLog, root } from "../../support/plant.ts";

describe("browsing the leach PLC", () => {
  let plant: SimulatedPlant;
  let dataDir = "";
  let connection: OpcUaConnection;

  beforeAll(async () => {
    plant = await startPlant({ plant: join(root, "devices", "plants", "puma.yaml"), trustAll: true });
    dataDir = await mkdtemp(join(tmpdir(), "puma-browse-"));
    const configured = plant.plant.connections.find(({ id }) => id === "leach") as OpcUaConnection;
    connection = { ...configured, endpoint: (plant.endpoints["leach"] as { url: string }).url };
  });
  afterAll(async () => {
    await plant.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it("refuses a server that nobody has approved", async () => {
    const options = { connection, node: null, dataDir, log: createMemoryLog() };
    await expect(browseServer(options)).rejects.toThrow(/not trusted.*thumbprint/);
  });

  it("finds every tag with node, type, unit and range as the profile has them", async () => {
    await trustCertificateFile(dataDir, plant.serverCertificateFile ?? "");
    const found = await browseServer({ connection, node: null, dataDir, log: createMemoryLog() });
    const byNode = new Map(found.map((one) => [one.node, one]));
    const tags = plant.plant.tags.filter(({ device }) => device === "L");
    expect(tags.length).toBeGreaterThanOrEqual(66);
    for (const tag of tags) {
      const variable = byNode.get(tag.source.protocol === "opcua" ? tag.source.node : "");
      expect(variable, tag.id).toMatchObject({ name: tag.id, isArray: false, description: tag.title });
      if (tag.type !== "float32" || tag.range === null) continue;
      expect(variable, tag.id).toMatchObject({
        dataType: 10,
        range: tag.range,
        unit: { description: tag.unit },
      });
    }
  });

  it("begins where it is told to", async () => {
    const all = await browseServer({ connection, node: null, dataDir, log: createMemoryLog() });
    const leaf = all[0]?.node ?? "";
    expect(await browseServer({ connection, node: leaf, dataDir, log: createMemoryLog() })).toHaveLength(
      all[0]?.range === null ? 0 : 3,
    );
  });
});
