import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Plant } from "../../../src/config/plant.ts";
import { root, runPlant } from "../../support/plant.ts";
import { until } from "../../support/until.ts";

const BROKEN = ["spool", "historian.sqlite", "journal.sqlite"];
const CONTENTS = "This is none of the gateway's files.\n".repeat(200);

/** Where each store has its place, there is a file that nobody can use. */
function breakStores(plant: Plant): Plant {
  mkdirSync(plant.data.dir, { recursive: true });
  for (const name of BROKEN) writeFileSync(join(plant.data.dir, name), CONTENTS);
  return { ...plant, outputs: [] };
}

async function reasonsOf(url: string): Promise<string[]> {
  return ((await (await fetch(`${url}/healthz`)).json()) as { reasons: string[] }).reasons;
}

test("a gateway whose stores are all unusable polls, shows, takes what people enter, says so, and touches none of them", async () => {
  await using run = await runPlant(join(root, "devices", "plants", "one-meter.yaml"), breakStores);
  const { gateway, log } = run;
  await until(() => gateway.view.reading(0).value !== null, 20_000);
  expect(log.lines.filter(({ level }) => level === "error").map(({ sentence }) => sentence)).toEqual(
    expect.arrayContaining([
      "the spool cannot be opened: readings are unprotected until the next start",
      "there is no history until the next start",
      "the journal cannot be opened: nothing in it lasts",
    ]),
  );
  const downtime = {
    from: "2026-11-22 08:00",
    to: "2026-11-22 09:00",
    equipment: "mill-1",
    code: "breakdown",
  };
  const entered = await fetch(`${gateway.httpUrl}/api/v1/downtime`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(downtime),
  });
  expect(await entered.json()).toMatchObject({ added: 1 });
  // The spool waits two seconds for its disk before it gives it up.
  await until(async () => /unprotected/.test((await reasonsOf(gateway.httpUrl)).join(" ")), 10_000);
  expect((await reasonsOf(gateway.httpUrl)).join(" ")).toMatch(
    /There is no history.*what people enter are not kept/,
  );
  for (const name of BROKEN)
    expect(readFileSync(join(gateway.view.plant.data.dir, name), "utf8")).toBe(CONTENTS);
});
