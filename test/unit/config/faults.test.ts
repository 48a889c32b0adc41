import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { loadPlant } from "../../../src/config/load.ts";
import { loadProfile } from "../../../src/config/load-profile.ts";
import { BadConfiguration, describeFault } from "../../../src/domain/errors.ts";
import { plantFaults, profileFaults } from "./expected-faults.ts";

const folder = join(import.meta.dirname, "faults");
const short = relative(process.cwd(), folder);
const environment = { SECRET_URL: "hunter2" };

/** `file:line:column path: sentence` of everything wrong, with the file as seen from the folder of bad files. */
function faultsOf(load: () => unknown): readonly string[] {
  try {
    load();
  } catch (error) {
    if (error instanceof BadConfiguration)
      return error.faults.map((fault) => describeFault(fault).replace(`${short}/`, ""));
    throw error;
  }
  return [];
}

describe("a bad plant file", () => {
  it.each(Object.entries(plantFaults))("%s is refused with a place and a sentence", (file, expected) => {
    expect(faultsOf(() => loadPlant(join(folder, file), environment))).toEqual(expected);
  });
});

describe("a bad profile", () => {
  it.each(Object.entries(profileFaults))("%s is refused with a place and a sentence", (file, expected) => {
    expect(faultsOf(() => loadProfile(join(folder, file)))).toEqual(expected);
  });
});

it("every bad file has its expected faults", () => {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".yaml"),
  );
  const sound = ["profiles/controller.yaml", "profiles/meter.yaml", "profiles/tank.yaml"];
  expect(files.sort()).toEqual([...Object.keys(plantFaults), ...Object.keys(profileFaults), ...sound].sort());
});

it("a plant file that does not exist is one fault", () => {
  expect(faultsOf(() => loadPlant(join(folder, "nowhere.yaml")))).toEqual([
    "nowhere.yaml:1:1 (file): the file does not exist",
  ]);
});

it("no fault quotes a secret", () => {
  expect(faultsOf(() => loadPlant(join(folder, "secret-wrong.yaml"), environment)).join()).not.toContain(
    "hunter2",
  );
});

it("the message of the error has one line for each fault", () => {
  let message = "";
  try {
    loadPlant(join(folder, "many.yaml"), {});
  } catch (error) {
    message = (error as BadConfiguration).message;
  }
  expect(message.split("\n")).toHaveLength(plantFaults["many.yaml"]?.length ?? 0);
});
