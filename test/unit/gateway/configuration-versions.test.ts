import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openConfigurationVersions } from "../../../src/store/configurations/versions.ts";
import { temporaryFolder } from "../../support/program.ts";

const facts = { at: 1, cause: "file", by: "gateway", reason: null, changes: [] } as const;
const files = [{ kind: "plant", name: "a.yaml", path: "/a.yaml", text: "plant: {}" }] as const;

it("versions are there after a restart, but for one that the disk has damaged", () => {
  using folder = temporaryFolder();
  const first = openConfigurationVersions(folder.path);
  expect(first.last()).toBeNull();
  const versions = ["a", "b", "c"].map((hash) => first.append({ ...facts, hash }, files));
  expect(first.last()).toEqual(versions[2]);
  writeFileSync(join(folder.path, "configurations", "000003.json"), '{"version":');
  const second = openConfigurationVersions(folder.path);
  expect(second.last()).toEqual(versions[1]);
  expect(second.files(2)).toEqual(files);
  expect(second.append({ ...facts, hash: "d" }, files).number).toBe(4);
  expect(second.list().map(({ number }) => number)).toEqual([1, 2, 4]);
});
