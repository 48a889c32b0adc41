import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { valueOf } from "../../../src/domain/batch.ts";
import { severity } from "../../../src/domain/status.ts";
import { root, runPlant } from "../../support/plant.ts";
import type { RunningPlant } from "../../support/plant.ts";
import { until } from "../../support/until.ts";
import { PUMA_TAGS } from "../../support/puma-tags.ts";

describe("the Puma plant behind real sockets", () => {
  let puma: RunningPlant;

  beforeAll(async () => {
    puma = await runPlant(join(root, "devices", "plants", "puma.yaml"));
  });
  afterAll(() => puma[Symbol.asyncDispose]());

  it("has all its tags good soon after the start", async () => {
    const { view } = puma.gateway;
    expect(view.plant.tags).toHaveLength(PUMA_TAGS);
    const isGood = (): boolean =>
      view.plant.tags.every(({ index }) => severity(view.reading(index).status) === 0);
    await until(isGood, 30_000);
    expect(view.devices().map(({ device, state }) => `${device} ${state}`)).toEqual(
      view.plant.devices.map(({ id }) => `${id} online`),
    );
    expect(view.isReady()).toBe(true);
  });

  it("shows of every tag a value that the simulator put on the wire, to the last digit", async () => {
    const { view } = puma.gateway;
    for (const tag of view.plant.tags) {
      const { value } = view.reading(tag.index);
      const sent = puma.simulated.history(tag.id).map((one) => one.value);
      const asRead = sent.map((one) => (typeof one === "number" ? valueOf(tag, one, undefined, 0) : one));
      expect(asRead, tag.id).toContainEqual(value);
    }
  });

  it("polls each device at its pace and misses nothing", async () => {
    const before = puma.gateway.view.devices();
    await until(
      () => puma.gateway.view.devices().every(({ polls }, index) => polls >= before[index]!.polls + 3),
      20_000,
    );
    for (const { device, pollsFailed } of puma.gateway.view.devices()) expect(pollsFailed, device).toBe(0);
    for (const { connection, counters } of puma.gateway.view.connections()) {
      expect({ connection, ...counters }).toMatchObject({
        timeouts: 0,
        malformedFrames: 0,
        foreignReplies: 0,
      });
    }
  });

  it("marks only a dead device's tags bad, with the reason, and takes it back when it returns", async () => {
    const { view } = puma.gateway;
    const handle = puma.simulated.inject({ fault: "dead", device: "P2" });
    const own = view.plant.tags.filter(({ device }) => device === "P2");
    const others = view.plant.tags.filter(({ device }) => device !== "P2");
    await until(() => own.every(({ index }) => view.reading(index).value === null), 15_000);
    expect(others.filter(({ index }) => severity(view.reading(index).status) !== 0)).toEqual([]);
    await until(() => view.devices().find(({ device }) => device === "P2")?.state !== "online", 10_000);
    await handle.clear();
    await until(() => own.every(({ index }) => severity(view.reading(index).status) === 0), 20_000);
  });
});
