import { expect, test } from "vitest";
import { GrowingFile } from "../../../src/store/spool/growing-file.ts";
import { failure, memoryFs } from "../../support/memory-fs.ts";

const PATH = "/spool/a";

async function grown(bytesMax = 1_000_000) {
  const fs = memoryFs();
  const file = new GrowingFile(await fs.createSynced(PATH), bytesMax);
  const content = (): Buffer => fs.files().get(PATH)!;
  return { fs, file, content };
}

test("a file grows by stretches of zeros, and blocks take their place", async () => {
  const { file, content } = await grown();
  await file.write(Buffer.from("one"), 0);
  expect(content().length).toBe(65_536);
  await file.write(Buffer.from("two"), 3);
  expect(content().length).toBe(65_536);
  expect(content().subarray(0, 8).toString("latin1")).toBe("onetwo\0\0");
  await file.write(Buffer.alloc(65_530, 1), 6);
  expect(content().length).toBe(65_536);
  await file.write(Buffer.from("three"), 65_536);
  expect(content().length).toBe(131_072);
});

test("no stretch is longer than the file is to become", async () => {
  const { file, content } = await grown(1_000);
  await file.write(Buffer.from("one"), 0);
  expect(content().length).toBe(1_000);
});

test("what a closed file holds is what was written", async () => {
  const { file, content } = await grown();
  await file.write(Buffer.from("one"), 0);
  await file.close(3);
  expect(content().toString("latin1")).toBe("one");
});

test("a disk without room for zeros takes the bytes alone", async () => {
  const { fs, file, content } = await grown();
  fs.bytesMax = 5;
  await file.write(Buffer.from("one"), 0);
  await expect(file.write(Buffer.from("two"), 3)).rejects.toThrow("ENOSPC");
  fs.bytesMax = 10;
  await file.write(Buffer.from("two"), 3);
  expect(content().subarray(0, 6).toString("latin1")).toBe("onetwo");
});

test("any other failure is told, and not tried again", async () => {
  const { fs, file } = await grown();
  let writes = 0;
  fs.before = ({ kind }) => {
    if (kind === "write" && ++writes === 1) throw failure("EIO");
  };
  await expect(file.write(Buffer.from("one"), 0)).rejects.toThrow("EIO");
  expect(writes).toBe(1);
});
