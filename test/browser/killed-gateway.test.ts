import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { deviceName, tagName } from "../bench/tally.ts";
import { launchChromium, openPage } from "../support/browser.ts";
import type { WatchedPage } from "../support/browser.ts";
import { accepts, runGateway, startDevices, writeLoadedPlant } from "../support/loaded-gateway.ts";
import type { LoadedPlant, Run } from "../support/loaded-gateway.ts";
import { root } from "../support/plant.ts";
import { until } from "../support/until.ts";

const PERIOD_MS = 1_000;
const TAG = `${deviceName(0)}-${tagName(7)}`;

let dir = "";
let plant: LoadedPlant;
let run: Run;
let devices: Awaited<ReturnType<typeof startDevices>>;
let browser: Awaited<ReturnType<typeof launchChromium>>;
let watched: WatchedPage;

beforeAll(async () => {
  // The program serves the page that was built for it.
  if (!existsSync(join(root, "dist", "web", "index.html"))) await build({ logLevel: "silent" });
  dir = await mkdtemp(join(tmpdir(), "puma-killed-"));
  devices = await startDevices(1);
  plant = await writeLoadedPlant(dir, devices.ports, PERIOD_MS);
  run = runGateway(plant);
  await accepts(plant, run, 500);
  browser = await launchChromium();
  watched = await openPage(browser, { viewport: { width: 1280, height: 800 } });
}, 120_000);
afterAll(async () => {
  await watched?.close();
  await browser?.close();
  if (run?.child.exitCode === null) run.child.kill("SIGKILL");
  await devices?.stop();
  await rm(dir, { recursive: true, force: true });
}, 60_000);

const indicator = () => watched.page.locator(`[data-indicator="${TAG}"]`).first();
const valueOf = (): Promise<string> => indicator().locator(".value").innerText();
const colourOf = (): Promise<string> =>
  indicator()
    .locator(".value span")
    .evaluate((span) => getComputedStyle(span).color);

// Three and five seconds are the aims on a machine of its own, and told below; here several share two cores.
it("a gateway that is killed is missed, and the page goes on by itself when it is back", async () => {
  const { page } = watched;
  await page.goto(`${plant.url}/tag/${TAG}`);
  await page.locator('.page[data-link="live"]').waitFor();
  await indicator().waitFor();
  await page.evaluate(() => document.body.setAttribute("data-same-page", "yes"));
  const live = await colourOf();
  run.child.kill("SIGKILL");
  const killedAt = performance.now();
  await page.getByRole("alert").waitFor();
  const missedMs = performance.now() - killedAt;
  expect(await colourOf()).not.toBe(live);
  const before = await valueOf();
  run = runGateway(plant);
  await accepts(plant, run, 1);
  const backAt = performance.now();
  await until(async () => (await valueOf()) !== before && (await colourOf()) === live, 60_000);
  const backMs = performance.now() - backAt;
  console.log(
    `missed after ${missedMs.toFixed(0)} ms, live again ${backMs.toFixed(0)} ms after the gateway was`,
  );
  expect(await page.locator("body[data-same-page]").count()).toBe(1);
});

it("a device that is killed has its values old, with their age", async () => {
  await until(async () => (await indicator().locator(".indicator-doubt").count()) === 0, 60_000);
  await devices.stop();
  const diedAt = performance.now();
  await indicator()
    .locator(".indicator-doubt", { hasText: /hace \d+ s/ })
    .waitFor();
  console.log(
    `old ${(performance.now() - diedAt).toFixed(0)} ms after the device died, read every ${PERIOD_MS} ms`,
  );
});
