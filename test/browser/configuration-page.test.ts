import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { follow } from "../../src/cli/follow.ts";
import type { Configuration } from "../../src/config/configuration.ts";
import { loadConfiguration } from "../../src/config/load.ts";
import type { ConfigurationDesk } from "../../src/domain/configuration.ts";
import { systemClock } from "../../src/domain/system-clock.ts";
import { startGateway } from "../../src/gateway/gateway.ts";
import type { Gateway } from "../../src/gateway/gateway.ts";
import {
  axeFaults,
  openPage,
  PAGE_VARIANTS,
  signIn,
  takeScreenshot,
  useBrowser,
} from "../support/browser.ts";
import type { PageLanguage, WatchedPage } from "../support/browser.ts";
import { addAccounts, CHEAP } from "../support/people.ts";
import { createMemoryLog } from "../support/plant.ts";
import { temporaryFolder } from "../support/program.ts";
import { cutTexts } from "../support/stretched-text.ts";
import { until } from "../support/until.ts";

const LINES = [
  "plant: { id: taller, group: pruebas, title: Taller, timeZone: America/Lima }",
  "scanClasses: { fast: 1s, slow: 10s }",
  "connections:",
  "  linea: { protocol: modbus-tcp, host: 127.0.0.1, port: 1 }",
  "devices:",
  "  MEDIDOR: { profile: power-meter, connection: linea, unit: 1, area: utilities }",
  "outputs:",
  "  influx: { url: http://127.0.0.1:1, version: 1, database: planta, user: x, password: tren 58 }",
  "data: { dir: ./data }",
  "http: { port: 0 }",
  "broker: { port: 0, wsPort: 0 }",
  "",
];
const FIRST = LINES.join("\n");
const OTHER = '  OTRO: { profile: power-meter, connection: linea, unit: 2, area: utilities, prefix: "B-" }';
const SECOND = [...LINES.slice(0, 6), OTHER, ...LINES.slice(6)].join("\n").replace("tren 58", "lluvia 31");
/** As many people edit a file at once: a period, a link, a profile and a password are wrong, and two keys are. */
const FAULTY = SECOND.replace("slow: 10s", "slow: 10 segundos")
  .replace("port: 1 }", "prot: 1 }")
  .replace("OTRO: { profile: power-meter", "OTRO: { profile: power-metre")
  .replace("unit: 2", "unit: 300")
  .replace("password: lluvia 31", 'password: "${file:clave.txt}"')
  .replace("http: { port: 0 }", "http: { port: 0, host: 0.0.0.0 }");
const BROKEN = SECOND.replace("slow: 10s }", "slow: 10s");
const OTHER_PORT = SECOND.replace("http: { port: 0 }", "http: { port: 0, host: 127.0.0.2 }");

const built = useBrowser();
const folder = temporaryFolder();
const file = join(folder.path, "taller.yaml");
let gateway: Gateway;
let following: { close(): void };

beforeAll(async () => {
  writeFileSync(file, FIRST);
  const read = (): Configuration => loadConfiguration(file);
  const started = read();
  const log = createMemoryLog();
  gateway = await startGateway({
    plant: started.plant,
    origin: { started, read },
    release: { licence: "MIT", billOfMaterials: null },
    version: "1.2.3",
    clock: systemClock,
    speed: 1,
    sinkClock: systemClock,
    seed: 1,
    log,
    webDir: built.webDir,
    passwordCost: CHEAP,
  });
  const { configurations, people } = gateway.view;
  if (configurations === null || people === null) throw new Error("neither files nor people");
  following = follow(configurations, log);
  await addAccounts(people, { ines: "engineer", vera: "viewer" });
});
afterAll(async () => {
  following.close();
  await gateway.stop();
  folder[Symbol.dispose]();
});

const desk = (): ConfigurationDesk => gateway.view.configurations as ConfigurationDesk;

/** What happens meanwhile has made the gateway anew, as a change of the plant does. */
async function anew(happens: () => Promise<unknown>): Promise<void> {
  const before = gateway.view;
  await happens();
  await until(() => gateway.view !== before, 60_000);
}

async function openAs(name: string, language: PageLanguage = "es-PE"): Promise<WatchedPage> {
  const opened = await openPage(built.browser, { viewport: { width: 1280, height: 800 }, language });
  await opened.page.goto(`${gateway.httpUrl}/configuration`);
  await signIn(opened.page, name);
  await opened.page.locator("main tbody tr").first().waitFor();
  return opened;
}

const row = (page: Page, version: number) => page.locator(`main tr[data-row="${version}"]`);

it("shows a changed file as the version that runs, with who, what and the lines that differ, and no password", async () => {
  const { page, close } = await openAs("ines");
  expect(await page.locator(".running-number").textContent()).toBe("1");
  expect(await page.getByText("Todavía no hay con qué comparar.").count()).toBe(1);
  const about = await page.locator('section[aria-labelledby="about"]').innerText();
  for (const fact of ["1.2.3", process.versions.node, "taller", "MIT", join(folder.path, "data")])
    expect(about).toContain(fact);
  await anew(async () => {
    writeFileSync(file, SECOND);
    await row(page, 2).waitFor();
  });
  await page.locator(".running-number", { hasText: "2" }).waitFor();
  const cells = await row(page, 2).innerText();
  expect(cells).toContain("alta de equipos de campo: OTRO");
  expect(cells).toContain("el gateway");
  expect(cells).toContain("cambió un archivo");
  await row(page, 2).getByRole("link", { name: "Cambios de la versión 2" }).click();
  await page.locator("ins.diff-line").first().waitFor();
  expect(new URL(page.url()).search).toBe("?from=1&to=2");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("configuration-difference");
  expect(await page.locator("ins.diff-line").allInnerTexts()).toEqual([
    expect.stringMatching(/^\+\s*OTRO: \{ profile: power-meter/u),
  ]);
  expect(await page.locator("del.diff-line").count()).toBe(0);
  await page.locator("#difference-from").selectOption("2");
  await page.locator("#difference-to").selectOption("1");
  await page.locator("del.diff-line").waitFor();
  expect(await page.locator("del.diff-line").innerText()).toMatch(/^−\s*OTRO:/u);
  for (const secret of ["tren 58", "lluvia 31"]) expect(await page.content()).not.toContain(secret);
  await page.getByRole("button", { name: "Leer los archivos otra vez" }).click();
  await page.getByText("Los archivos dicen lo mismo que lo que rige.").waitFor();
  await close();
});

it("tells what is wrong with a file that is refused, and what takes a start, until the files are sound again", async () => {
  const { page, close } = await openAs("ines");
  const refused = page.locator(".refused-files");
  writeFileSync(file, FAULTY);
  await refused.waitFor();
  const faults = await refused.locator("li").allInnerTexts();
  expect(faults.map((fault) => fault.replace(/^.*taller\.yaml:/u, ""))).toEqual([
    '2:32 scanClasses.slow tiene que ser una duración como 250ms, 1s o 10m, no "10 segundos"',
    "4:51 connections.linea.prot la clave `prot` no se conoce aquí; ¿quiso decir `port`?",
    "7:20 devices.OTRO.profile no existe el perfil power-metre; ¿quiso decir `power-meter`?",
    "7:58 devices.OTRO.unit tiene que ser un entero de 0 a 255, no 300",
    "9:87 outputs.influx.password el archivo clave.txt del secreto no se puede leer o está vacío",
    expect.stringMatching(
      /^11:24 http\.host las contraseñas y lecturas llegarían sin cifrar a otras máquinas: /u,
    ),
  ]);
  // Who reads the log, or asks with a program, reads the same in English.
  const answer = (await page.evaluate(async () => (await fetch("/api/v1/configuration")).json())) as {
    readonly refused: { readonly faults: readonly { readonly sentence: string }[] };
  };
  expect(answer.refused.faults[2]?.sentence).toBe(
    "there is no profile power-metre; did you mean `power-meter`?",
  );
  expect(await page.locator(".running-number").textContent()).toBe("2");
  await takeScreenshot(page, "configuration-refused", true);
  expect(await axeFaults(page)).toEqual([]);
  writeFileSync(file, BROKEN);
  await refused
    .getByText("esto no es YAML: un mapa entre llaves lleva suficiente sangría y termina en }")
    .waitFor();
  writeFileSync(file, OTHER_PORT);
  await refused.getByText("Estos cambios necesitan un arranque").waitFor();
  expect(await refused.locator("li").allInnerTexts()).toEqual(["http"]);
  await takeScreenshot(page, "configuration-restart", true);
  writeFileSync(file, SECOND);
  await until(async () => (await refused.count()) === 0, 60_000);
  expect(desk().versions()).toHaveLength(2);
  await close();
});

it("goes back to a version for a reason, after it has shown what that changes", async () => {
  const { page, close } = await openAs("ines");
  expect(await row(page, 2).getByRole("button").count()).toBe(0); // that is the one that runs
  await row(page, 1).getByRole("button", { name: "Volver a la versión 1" }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.locator("del.diff-line").waitFor();
  await takeScreenshot(page, "configuration-go-back");
  expect(await axeFaults(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Volver", exact: true }).click();
  expect(await dialog.locator("input:invalid").count()).toBe(1);
  expect(desk().versions()).toHaveLength(2);
  await dialog.getByLabel("Motivo").fill("OTRO todavía no está instalado");
  await anew(async () => {
    await page.keyboard.press("Enter");
    await row(page, 3).waitFor();
  });
  expect(await row(page, 3).innerText()).toContain("«OTRO todavía no está instalado»");
  expect(await row(page, 3).innerText()).toContain("ines");
  await page.locator(".running-number", { hasText: "3" }).waitFor();
  expect(readFileSync(file, "utf8")).toBe(FIRST);
  expect(gateway.view.plant.devices.map(({ id }) => id)).toEqual(["MEDIDOR"]);
  await close();
});

it("shows all of it to a viewer, and nothing to change anything with", async () => {
  const { page, complaints, close } = await openAs("vera");
  await page.locator("ins.diff-line, del.diff-line").first().waitFor();
  expect(await page.locator("main button").count()).toBe(0);
  expect(await row(page, 2).getByRole("link").count()).toBe(1);
  await page.keyboard.press("0");
  await page.keyboard.press("c");
  await row(page, 3).waitFor();
  expect(complaints.filter((text) => !/Failed to load resource/u.test(text))).toEqual([]);
  await close();
});

it("holds to WCAG 2.2 AA in both themes and languages, and cuts no text that is a third longer", async () => {
  const faults: string[] = [];
  for (const { language, colorScheme } of PAGE_VARIANTS) {
    const { page, close } = await openAs("ines", language);
    await page.emulateMedia({ colorScheme });
    await page.goto(`${gateway.httpUrl}/configuration?from=1&to=2`);
    await page.locator("ins.diff-line").first().waitFor();
    const title = `configuration-${colorScheme}-${language}`;
    await takeScreenshot(page, title, true);
    faults.push(...(await axeFaults(page)).map((fault) => `${title}: ${fault}`));
    await page.setViewportSize({ width: 1920, height: 1080 });
    await takeScreenshot(page, `${title}-wide`);
    await page.setViewportSize({ width: 1280, height: 800 });
    faults.push(...(await cutTexts(page)).map((fault) => `${title}: ${fault}`));
    await close();
  }
  expect(faults).toEqual([]);
});
