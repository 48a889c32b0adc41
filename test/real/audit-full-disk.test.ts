import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { PASSWORD } from "../support/people.ts";
import { temporaryFolder } from "../support/program.ts";
import { runPuma } from "../support/puma.ts";
import { smallDisk } from "../support/small-disk.ts";
import { until } from "../support/until.ts";

const PLANT = `
plant: { id: house, group: test, title: One meter, timeZone: America/Lima }
scanClasses: { fast: 1s, slow: 10s }
connections: { meter: { protocol: modbus-tcp, host: 127.0.0.1, port: 1 } }
devices: { METER: { profile: power-meter, connection: meter, unit: 21, area: utilities } }
alarms:
  METER.OFF: { on: METER, type: offline, onDelay: 1s, priority: 2, consequence: Blind, response: Look }
  JT-1.H: { on: kW, type: H, limit: 90, onDelay: 1s, priority: 2, consequence: Hot, response: Look }
outputs: { mqtt: { url: "mqtt://127.0.0.1:1" } }
data: { dir: ./data }
http: { port: 0, auth: accounts }
`;
const DISK_MIB = 64;

interface Alarm {
  readonly alarm: string;
  readonly state: string;
}

it("on a full disk people sign in and acknowledge alarms, and that the audit is not kept is told for as long as it is so", async () => {
  using folder = temporaryFolder();
  const data = join(folder.path, "data");
  mkdirSync(data);
  const file = join(folder.path, "house.yaml");
  writeFileSync(file, PLANT);
  const disk = await smallDisk(folder.path, data, DISK_MIB);
  await using gateway = await runPuma(file, { prefix: disk.prefix });
  const pid = gateway.process.pid ?? 0;
  const headers: Record<string, string> = { origin: gateway.url };
  const ask = async <T>(path: string): Promise<T> =>
    (await (await fetch(gateway.url + path, { headers })).json()) as T;
  const post = (path: string, body: object): Promise<Response> =>
    fetch(gateway.url + path, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const enter = async (path: string, body: object): Promise<void> => {
    const answer = await post(path, { name: "rosa", password: PASSWORD, ...body });
    expect([path, answer.status]).toEqual([path, 200]);
    headers["cookie"] = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  };
  const stateOf = async (id: string): Promise<string | undefined> =>
    (await ask<Alarm[]>("/api/v1/alarms")).find(({ alarm }) => alarm === id)?.state;
  const reasons = async (): Promise<string> =>
    (await ask<{ reasons: string[] }>("/healthz")).reasons.join("\n");
  const setLimit = async (limit: number): Promise<number> =>
    (await post("/api/v1/alarms/JT-1.H/limit", { limit, reason: "hot month" })).status;
  const audited = async (): Promise<string> => JSON.stringify(await ask("/api/v1/audit"));

  await until(() => gateway.said().includes("#setup="), 30_000);
  await enter("/api/v1/set-up", { link: /#setup=([\w-]+)/u.exec(gateway.said())?.[1] });
  await until(async () => (await stateOf("METER.OFF")) === "UNACK", 60_000);
  expect(await setLimit(80)).toBe(200);
  expect(await reasons()).not.toMatch(/the audit/u);

  await disk.fill(pid);
  await enter("/api/v1/login", {});
  const acknowledged = await post("/api/v1/alarms/METER.OFF/acknowledge", { reason: "seen" });
  expect([acknowledged.status, await acknowledged.text()]).toEqual([
    200,
    expect.stringContaining('"state":"ACK"'),
  ]);
  // What has to be kept is refused with a sentence.
  expect(await setLimit(70)).toBe(507);
  expect(await reasons()).toMatch(/the audit and what people enter are not kept: .*full/u);
  expect(gateway.said()).toContain("the audit takes nothing");
  expect(await stateOf("METER.OFF")).toBe("ACK");

  await disk.free(pid);
  await until(async () => !/the audit/u.test(await reasons()), 60_000);
  expect(await setLimit(60)).toBe(200);
  expect(await audited()).toMatch(/"before":"80[^"]*","after":"60/u);
  const history = JSON.stringify(await ask("/api/v1/alarms/history"));
  expect(history).toMatch(/"METER\.OFF"[^}]*"ACK"/u);
});
