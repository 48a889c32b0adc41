import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Plant } from "../../src/config/plant.ts";
import type { Certificate } from "../../src/domain/peer-certificate.ts";
import { systemClock } from "../../src/domain/system-clock.ts";
import {
  axeFaults,
  faultsInAllVariants,
  openPage,
  signIn,
  takeScreenshot,
  useBrowser,
} from "../support/browser.ts";
import {
  connectionHealthOf,
  deviceHealthOf,
  memoryView,
  outputHealthOf,
  spoolHealthOf,
} from "../support/http-view.ts";
import type { MemoryView } from "../support/http-view.ts";
import { serveView } from "../support/http-server.ts";
import { mqttContext } from "../support/outputs.ts";
import { freePort } from "../support/free-port.ts";
import { testPeople, viewWith } from "../support/people.ts";
import { runPlant } from "../support/plant.ts";
import type { RunningPlant } from "../support/plant.ts";
import {
  deviceOf,
  modbusTag,
  opcUaConnection,
  opcUaTag,
  plantOf,
  tcpConnection,
} from "../support/simulated-plant.ts";
import { until } from "../support/until.ts";

const SIZES = [
  [1024, 768],
  [1280, 800],
  [1920, 1080],
] as const;

const built = useBrowser();
let puma: RunningPlant;
let url: string;

/** Two PLCs and an OPC UA server that nobody has approved yet; the broker is away. */
function field(): Plant {
  const connections = [tcpConnection("crushing"), tcpConnection("grinding"), opcUaConnection("leach")];
  const devices = [
    deviceOf("P1", "crushing", 1),
    deviceOf("P2", "grinding", 1),
    deviceOf("L", "leach", null),
  ];
  const tags = [
    modbusTag({ id: "LT-101", device: "P1", source: { address: 0 } }),
    modbusTag({ id: "LT-201", device: "P2", periodMs: 500, source: { address: 0 } }),
    opcUaTag({ id: "LT-401" }),
  ];
  return { ...plantOf(connections, devices, tags), title: "Planta modular Puma" };
}

function unprepared(plant: Plant, brokerPort: number): Plant {
  rmSync(join(plant.data.dir, "pki", "trusted"), { recursive: true });
  const { config } = mqttContext({ url: `mqtt://127.0.0.1:${brokerPort}` }, []);
  return { ...plant, outputs: [config], data: { ...plant.data, spoolBytesMax: 2 ** 30 } };
}

beforeAll(async () => {
  const port = await freePort();
  puma = await runPlant(field(), (plant) => unprepared(plant, port), {}, systemClock, {
    webDir: built.webDir,
  });
  url = puma.gateway.httpUrl;
}, 120_000);
afterAll(() => puma[Symbol.asyncDispose](), 60_000);

async function open(page: Page, address = `${url}/devices`): Promise<void> {
  await page.goto(address);
  await page.locator('.page[data-link="live"] h1').waitFor();
}

const stateOf = (device: string) => puma.gateway.view.devices().find((one) => one.device === device)?.state;
const opcUaDevice = (): string =>
  puma.gateway.view.devices().find(({ protocol }) => protocol === "opcua")?.device ?? "";

async function waitingCertificate(): Promise<Certificate> {
  const { certificates } = puma.gateway.view;
  const found = async () => (await certificates.list()).find(({ state }) => state === "rejected");
  await until(async () => (await found()) !== undefined, 60_000);
  return (await found()) as Certificate;
}

describe("a server that nobody has approved", () => {
  it("is shown with its whole thumbprint, and an engineer refuses and approves it on the page", async () => {
    const { thumbprint } = await waitingCertificate();
    const device = opcUaDevice();
    const { page, complaints, close } = await openPage(built.browser, {
      viewport: { width: 1280, height: 800 },
    });
    await open(page);
    const row = page.locator(`tr[data-row="${thumbprint}"]`);
    await row.getByText("espera una decisión").waitFor();
    expect((await row.locator("th").innerText()).replaceAll(/\s/g, "")).toBe(thumbprint);
    await row.getByText(device, { exact: true }).waitFor();
    expect(await row.locator("svg.doubtful").count()).toBe(1);
    await takeScreenshot(page, "devices-unknown-server", true);

    await row.getByRole("button", { name: /^Rechazar/ }).click();
    const dialog = page.getByRole("dialog");
    expect((await dialog.locator(".whole").innerText()).replaceAll(/\s/g, "")).toBe(thumbprint);
    await dialog.getByRole("button", { name: "Rechazar", exact: true }).click();
    await row.getByText("rechazado").waitFor();
    // It goes on asking to be let in, and does not come up for a decision again.
    await until(() => /refused by an engineer/.test(lastError(device) ?? ""), 60_000);
    expect((await puma.gateway.view.certificates.list()).map(({ state }) => state)).toEqual(["refused"]);

    await row.getByRole("button", { name: /^Aprobar/ }).click();
    await takeScreenshot(page, "devices-approve");
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole("dialog").getByRole("button", { name: "Aprobar", exact: true }).click();
    await row.getByText("de confianza").waitFor();
    await until(() => stateOf(device) === "online", 60_000);
    expect(complaints).toEqual([]);
    await close();
  });

  it("leaves both decisions in the audit", async () => {
    const [certificate] = await puma.gateway.view.certificates.list();
    const url404 = `${url}/api/v1/certificates/${"0".repeat(40)}/trust`;
    expect((await fetch(url404, { method: "POST" })).status).toBe(404);
    expect(certificate?.state).toBe("trusted");
    expect(
      puma.log.lines
        .filter(({ sentence }) => sentence === "a person has decided on a certificate")
        .map(({ facts }) => facts),
    ).toMatchObject([
      { by: "local engineer", before: "rejected", after: "refused" },
      { by: "local engineer", before: "refused", after: "trusted" },
    ]);
  });
});

function lastError(device: string): string | null | undefined {
  return puma.gateway.view.devices().find((one) => one.device === device)?.lastError;
}

describe("the page of devices and outputs", () => {
  it("shows every device, line and output with its figures, and the gateway itself", async () => {
    const { page, complaints, close } = await openPage(built.browser, {
      viewport: { width: 1280, height: 800 },
    });
    await page.goto(url);
    await page.locator('.page[data-link="live"] h1').waitFor();
    await page.keyboard.press("d");
    await page.locator("h1", { hasText: "Equipos y salidas" }).waitFor();
    const { view } = puma.gateway;
    const devices = page.getByRole("table", { name: "Equipos de campo" });
    for (const { device } of view.devices()) {
      const row = devices.locator(`tr[data-row="${device}"]`);
      await until(async () => /\d(\.\d)? \/ \d+(\.\d)? ms/.test(await row.innerText()), 30_000);
      expect(await row.innerText()).toMatch(/\d+ /);
    }
    expect(await devices.locator('tr[data-row="P2"]').innerText()).toMatch(/P2[\s\S]*en línea[\s\S]*normal/);
    const lines = page.getByRole("table", { name: "Líneas de campo" });
    expect(await lines.locator("tbody tr").count()).toBe(view.connections().length);
    await page.locator("tr[data-row=mqtt]", { hasText: "desconectada" }).waitFor();
    await page.locator(".output-notes", { hasText: "mqtt: " }).waitFor();
    const facts = await page.locator(".health").allInnerTexts();
    expect(facts.join("\n")).toMatch(/de 1\.1 GB \(0\.\d %\)[\s\S]*test[\s\S]*MB[\s\S]*ms/);
    expect(complaints).toEqual([]);
    await close();
  });

  // Last, because the plant is not well any more.
  it("shows a device that dies by shape and word, with its age hatched, and the others as they are", async () => {
    const { page, close } = await openPage(built.browser, { viewport: { width: 1280, height: 800 } });
    await open(page);
    const dead = page.locator('tr[data-row="P2"]');
    const other = page.locator('tr[data-row="P1"]');
    await until(() => stateOf("P2") === "online" && stateOf("P1") === "online", 60_000);
    puma.simulated.inject({ fault: "dead", device: "P2" });
    await dead
      .getByText(/no responde|desconectado/)
      .first()
      .waitFor();
    await dead.locator("svg.failed").first().waitFor();
    const age = dead.locator(".old", { hasText: /hace \d+ s/ });
    await age.waitFor();
    expect(await age.evaluate((one) => getComputedStyle(one).backgroundImage)).toContain(
      "repeating-linear-gradient",
    );
    expect(await other.locator("svg.failed, .old").count()).toBe(0);
    await takeScreenshot(page, "devices-dead", true);
    await close();
  });
});

/** Something of everything, as it never changes. */
function variedView(): MemoryView {
  const view = memoryView([], { title: "Planta modular Puma" });
  const now = Date.now();
  view.health.devices = [
    deviceHealthOf("P1", {
      title: "PLC de chancado",
      lastAnswer: now,
      periodsMs: [20, 1_000, 10_000],
      polls: 123_456,
    }),
    deviceHealthOf("P2", {
      title: "PLC de molienda",
      state: "silent",
      breaker: "open",
      lastError: "192.168.1.52:502: no reply within 1000 ms",
      lastAnswer: now - 95_000,
      tagsGood: 0,
      pollsFailed: 17,
    }),
    deviceHealthOf("W1", { state: "degraded", lastAnswer: now, tagsGood: 9, quarantined: ["WT-1"] }),
    deviceHealthOf("L", {
      protocol: "opcua",
      state: "disconnected",
      lastAnswer: null,
      certificate: "c0".repeat(20),
    }),
  ];
  view.health.connections = ["crushing", "grinding", "leach"].map((name) => connectionHealthOf(name));
  const shown = { applicationUri: "urn:leach-plc:server", validUntil: "2036-11-25T00:00:00.000Z" };
  view.certificates = {
    ...view.certificates,
    list: async () => [
      { ...shown, thumbprint: "ab".repeat(20), subject: "CN=Elution PLC, O=Example", state: "trusted" },
      { ...shown, thumbprint: "c0".repeat(20), subject: "CN=Leach PLC, O=Example", state: "rejected" },
      { ...shown, thumbprint: "de".repeat(20), subject: "CN=Stranger", state: "refused" },
    ],
  };
  return view;
}

it("is without fault for everybody, in both languages and themes, and fits every screen", async () => {
  const server = await serveView(variedView(), built.webDir);
  const address = `${server.url}/devices`;
  expect(await faultsInAllVariants(built.browser, address, ".health", "devices")).toEqual([]);
  const { page, close } = await openPage(built.browser);
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    await open(page, address);
    await page.locator(".health").first().waitFor();
    const faults = await page.evaluate(() => [
      ...(document.documentElement.scrollWidth > innerWidth ? ["scrolls sideways"] : []),
      ...[...document.querySelectorAll(".table-frame")]
        .filter((one) => one.scrollWidth > one.clientWidth + 1)
        .map((one) => `${one.getAttribute("aria-label")} is cut off`),
    ]);
    await takeScreenshot(page, `devices-${width}`, true);
    expect({ width, faults }).toEqual({ width, faults: [] });
  }
  await close();
  await server.close();
});

it("a plant of one meter without outputs looks right", async () => {
  const view = memoryView([], { title: "One power meter" });
  view.health.devices = [
    deviceHealthOf("METER", { state: "starting", lastAnswer: null, latencyP50Ms: null, latencyP99Ms: null }),
  ];
  view.health.outputs = [];
  view.health.spool = spoolHealthOf({ bytes: 0, bytesPerHour: null, oldest: null, syncMs: null });
  const server = await serveView(view, built.webDir);
  const { page, complaints, close } = await openPage(built.browser, {
    viewport: { width: 1024, height: 768 },
  });
  await open(page, `${server.url}/devices`);
  await page.getByText("No hay salidas configuradas.").waitFor();
  await page.locator('tr[data-row="METER"]', { hasText: "sin respuesta" }).waitFor();
  const text = await page.locator("main").innerText();
  expect(text).toContain("aún no se sabe");
  expect(text).not.toMatch(/NaN|undefined|null|Infinity/);
  expect(await page.getByRole("table", { name: /Certificados/ }).count()).toBe(0);
  expect(await axeFaults(page)).toEqual([]);
  await takeScreenshot(page, "devices-one-meter");
  expect(complaints).toEqual([]);
  await close();
  await server.close();
});

it("tells in sentences what outputs lost and refused, and marks a disk that takes nothing", async () => {
  const view = memoryView([]);
  view.health.outputs = [
    outputHealthOf("mqtt", { connected: false, lastError: "connection refused" }),
    outputHealthOf("influx", { accepted: 1047, dropped: { "spool-full": 40 }, quarantined: 7 }),
  ];
  view.health.spool = spoolHealthOf({ isProtected: false, unsynced: 12, bytes: 2 ** 30, syncMs: 80 });
  view.loopDelayMs = 350;
  const server = await serveView(view, built.webDir);
  const { page, close } = await openPage(built.browser, { viewport: { width: 1280, height: 800 } });
  await open(page, `${server.url}/devices`);
  await page.locator(".output-notes li").first().waitFor();
  expect(await page.locator(".output-notes li").allInnerTexts()).toEqual([
    expect.stringContaining("mqtt: connection refused"),
    expect.stringContaining("influx perdió 40 lecturas: la cola estaba llena"),
    expect.stringMatching(/influx no admitió 7 lecturas\. «puma spool PLANTA\.yaml dead-letters»/),
  ]);
  const abnormal = await page.locator(".health .abnormal").allInnerTexts();
  expect(abnormal.join("\n")).toMatch(
    /100 %[\s\S]*no: 12 solo en memoria[\s\S]*350 ms tarde[\s\S]*80 ms lento/,
  );
  expect(await page.locator(".health .abnormal svg.failed").count()).toBe(abnormal.length);
  await takeScreenshot(page, "devices-trouble", true);
  await close();
  await server.close();
});

it("a viewer sees certificates without any button, an engineer decides", async () => {
  const people = testPeople(systemClock);
  await people.add("ver", "viewer");
  await people.add("eva", "engineer");
  const view = viewWith(people.people);
  const thumbprint = "ab".repeat(20);
  const shown = {
    thumbprint,
    subject: "CN=Mill",
    applicationUri: null,
    validUntil: "2020-01-01T00:00:00.000Z",
  };
  const decided: string[] = [];
  view.certificates = {
    list: async () => [{ ...shown, state: "rejected" }],
    trust: async (_, { name }) => (decided.push(name), { ...shown, state: "trusted" }),
    refuse: async () => null,
  };
  const server = await serveView(view, built.webDir);
  for (const name of ["ver", "eva"]) {
    const { page, close } = await openPage(built.browser, { language: "en" });
    await page.goto(`${server.url}/devices`);
    await signIn(page, name);
    const row = page.locator(`tr[data-row="${thumbprint}"]`);
    await row.getByText(/expired/).waitFor();
    expect(await row.getByRole("button").count()).toBe(name === "ver" ? 0 : 2);
    if (name === "eva") {
      await row.getByRole("button", { name: "Approve CN=Mill" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Approve", exact: true }).click();
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    await close();
  }
  expect(decided).toEqual(["eva"]);
  await server.close();
  people.close();
});
