import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { selfSign } from "../../../src/security/self-signed.ts";
import { runPlant } from "../../support/plant.ts";
import { deviceOf, modbusTag, plantOf, tcpConnection } from "../../support/simulated-plant.ts";
import { until } from "../../support/until.ts";

const DAY_MS = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), "puma-certificates-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a page whose certificate ends within a month calls for another, and a broker with one of its own does not", async () => {
  const [certificateFile, keyFile] = [join(folder, "page.pem"), join(folder, "page.key")];
  const now = Date.now();
  const pair = selfSign({ name: "page", hosts: ["127.0.0.1"], from: now - DAY_MS, to: now + 20 * DAY_MS });
  writeFileSync(certificateFile, pair.cert);
  writeFileSync(keyFile, pair.key);
  const tag = modbusTag({ id: "LT-101", device: "P1", source: { address: 0 } });
  const plant = plantOf([tcpConnection("line")], [deviceOf("P1", "line", 1)], [tag]);
  await using running = await runPlant(plant, (found) => ({
    ...found,
    http: { ...found.http, tls: { kind: "given", certificateFile, keyFile } },
    broker: { host: "127.0.0.1", port: 0, wsPort: 0, tls: { kind: "generated" } },
  }));
  const { alarms } = running.gateway.view;
  await until(() => alarms.view("gateway.certificate-page")?.state === "UNACK", 60_000);
  expect(alarms.view("gateway.certificate-broker")?.state).toBe("NORM");
});
