import { join } from "node:path";
import { expect, test } from "vitest";
import { root, runPlant } from "../../support/plant.ts";
import { mqttContext } from "../../support/outputs.ts";
import { startRecordingBroker } from "../../support/recording-broker.ts";
import type { Recorded } from "../../support/recording-broker.ts";
import { property } from "../../support/sparkplug-payload.ts";
import { startHost } from "../../support/sparkplug-host.ts";
import { until } from "../../support/until.ts";

test("the Puma plant is an edge node: its host sees every tag live, and a device die and come back", async () => {
  const trace: Recorded[] = [];
  await using broker = await startRecordingBroker("a", trace);
  await using host = await startHost({ url: broker.url });
  const { config } = mqttContext({ format: "sparkplug", url: broker.url, clientId: "puma" }, []);
  await using puma = await runPlant(join(root, "devices", "plants", "puma.yaml"), (plant) => ({
    ...plant,
    outputs: [config],
  }));
  const { plant } = puma.gateway.view;
  const names = plant.tags.map(({ id }) => id).sort();
  await until(() => {
    const told = new Set(host.values.map(({ name }) => name));
    return names.every((name) => told.has(name));
  }, 30_000);
  const lastOf = (name: string) => host.values.findLast((value) => value.name === name)!;
  for (const name of names) {
    await until(() => lastOf(name).isNull !== true, 20_000);
    expect(property(lastOf(name), "Quality") ?? 192, name).toBe(192);
  }
  const fault = puma.simulated.inject({ fault: "dead", device: "P2" });
  await until(() => host.verbs().includes("DDEATH P2"), 30_000);
  const born = host.verbs().filter((verb) => verb === "DBIRTH P2").length;
  await fault.clear();
  await until(() => host.verbs().filter((verb) => verb === "DBIRTH P2").length > born, 30_000);
  await host.askRebirth();
  await until(() => host.verbs().filter((verb) => verb === "NBIRTH").length === 2);
  await until(() => host.verbs().slice(host.verbs().lastIndexOf("NBIRTH")).length > plant.devices.length);
  const rebirth = host.heard.slice(host.verbs().lastIndexOf("NBIRTH"));
  const births = rebirth.filter(({ verb }) => verb === "DBIRTH").flatMap(({ payload }) => payload.metrics);
  expect(births.map(({ name }) => name!).sort()).toEqual(names);
  expect(births.filter(({ isNull }) => isNull === true)).toEqual([]);
  expect(host.gaps).toEqual([]);
});
