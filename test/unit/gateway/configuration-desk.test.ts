import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadConfiguration } from "../../../src/config/load.ts";
import { systemClock } from "../../../src/domain/system-clock.ts";
import { createConfigurationDesk } from "../../../src/gateway/configuration/desk.ts";
import { openConfigurationVersions } from "../../../src/store/configurations/versions.ts";
import { silentLog } from "../../support/http-server.ts";
import { root } from "../../support/plant.ts";
import { temporaryFolder } from "../../support/program.ts";

it("shows a version without the password in it, and keeps it with it", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "meter.yaml");
  const example = readFileSync(join(root, "devices", "plants", "one-meter.yaml"), "utf8");
  const output =
    "outputs: { influx: { url: http://127.0.0.1:8086, version: 1, database: plant, user: x, password: tren 58 } }\n";
  writeFileSync(file, example + output);
  const versions = openConfigurationVersions(join(folder.path, "data"));
  const desk = createConfigurationDesk({
    started: loadConfiguration(file),
    read: () => loadConfiguration(file),
    apply: () => Promise.resolve(),
    versions,
    audit: () => undefined,
    clock: systemClock,
    log: silentLog,
  });
  expect(versions.files(1)?.[0]?.text).toContain("password: tren 58 }");
  expect(desk.files(1)?.[0]?.text).toContain("password: ••• }");
  expect(desk.paths()[0]).toBe(file);
});
