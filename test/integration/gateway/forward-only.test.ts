import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Plant } from "../../../src/config/plant.ts";
import { lockFolder } from "../../../src/store/historian/folder-lock.ts";
import { root, runPlant } from "../../support/plant.ts";
import { until } from "../../support/until.ts";

const EARLIER = "what an earlier history left";

/** A gateway that others keep the history for, in a folder in which it once kept one itself. */
function forwardOnly(plant: Plant): Plant {
  mkdirSync(plant.data.dir, { recursive: true });
  writeFileSync(join(plant.data.dir, "historian.sqlite"), EARLIER);
  return { ...plant, data: { ...plant.data, historyDays: 0 } };
}

test("A gateway with `historyDays: 0` is well, keeps nothing, leaves what was kept, and says so to who asks for history", async () => {
  await using run = await runPlant(join(root, "devices", "plants", "one-meter.yaml"), forwardOnly);
  const { gateway, log } = run;
  const { dir } = gateway.view.plant.data;
  const tag = gateway.view.plant.tags[0]!.id;
  const get = (path: string): Promise<Response> => fetch(`${gateway.httpUrl}${path}`);
  await until(() => gateway.view.reading(0).value !== null, 20_000);

  await expect
    .poll(async () => (await get("/healthz")).json(), { timeout: 20_000 })
    .toMatchObject({ status: "ok", reasons: [] });
  expect(log.lines.filter(({ level }) => level === "error")).toEqual([]);
  expect(readFileSync(join(dir, "historian.sqlite"), "utf8")).toBe(EARLIER);
  for (const path of [
    `/api/v1/tags/${tag}/history`,
    `/api/v1/history?tags=${tag}`,
    `/api/v1/history.csv?tags=${tag}`,
  ]) {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      code: "history-unkept",
      message: "This gateway keeps no history (`historyDays: 0` in its plant file).",
    });
  }
  expect(await (await get("/api/v1/gateway")).json()).toMatchObject({
    history: { days: 0, dropped: 0, databaseBytes: 0, lastError: null },
  });
  // The folder is this gateway's alone all the same.
  expect(() => lockFolder(dir)).toThrow("another gateway is using it");
});
