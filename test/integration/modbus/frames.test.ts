import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readRecording, startReplay } from "../../../simulators/replay.ts";
import { parseFrameLine } from "../../../src/domain/frames.ts";
import { Status } from "../../../src/domain/status.ts";
import { systemClock } from "../../../src/domain/system-clock.ts";
import { frameWords } from "../../../src/drivers/index.ts";
import { createFrameLog } from "../../../src/gateway/frame-log.ts";
import { honestRtu, honestTcp, mbap, refusal, rtuPeer, tcpPeer } from "../../support/modbus-peer.ts";
import type { Reply } from "../../support/modbus-peer.ts";
import {
  modbusDevice,
  modbusDriver,
  modbusTags,
  never,
  rtuOverTcpConnection,
  tcpConnection,
} from "../../support/modbus-tags.ts";
import { createMemoryLog } from "../../support/plant.ts";
import { temporaryFolder } from "../../support/program.ts";

const TAGS = modbusTags([
  { address: 700, type: "uint16" },
  { address: 3, type: "float32" },
  { table: "coil", type: "bool", address: 5 },
  { table: "input", type: "int64", address: 9 },
]);

function logIn(folder: string, unit: number | null = null) {
  const file = join(folder, "frames", "D.log");
  const log = createMemoryLog();
  return { file, tap: createFrameLog({ file, unit, words: frameWords, clock: systemClock, log }) };
}

/** A bad value of address 3, and the addresses themselves elsewhere. */
const refusing: Reply = (asked, socket) =>
  void socket.write(asked.address === 3 ? mbap(asked.id, refusal(asked, 2)) : honestTcp(asked));

describe("a frame log", () => {
  test("has every frame in one line that says what it means", async () => {
    using folder = temporaryFolder();
    await using peer = await tcpPeer(refusing);
    const { file, tap } = logIn(folder.path);
    const driver = modbusDriver(tcpConnection(peer.port), TAGS, [modbusDevice()], systemClock, tap);
    await driver.connect(never);
    await driver.poll(0, never);
    await driver.single.write(TAGS[0]!, 77, never);
    await driver.close();
    await tap.close();
    const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
    expect(lines.every((line) => parseFrameLine(line) !== null)).toBe(true);
    const said = lines.map((line) => line.replace(/^\S+ /u, ""));
    expect(said).toContain("> 1 0100050001  read coils 5…5");
    expect(said).toContain("< 1 010101  read coils: 1 bytes");
    expect(said).toContain("> 1 0302BC0001  read holding registers 700…700");
    expect(said).toContain("< 1 030202BC  read holding registers: 2 bytes");
    expect(said).toContain("> 1 0302BC0001  read holding registers 700…700");
    expect(said).toContain("> 1 0602BC004D  write register 700 = 77");
    expect(said.some((one) => /^< 1 8302 {2}refused: the device has no such address/u.test(one))).toBe(true);
  });

  test("of one unit has only that unit's", async () => {
    using folder = temporaryFolder();
    const { file, tap } = logIn(folder.path, 2);
    tap.sent(1, Uint8Array.of(3, 0, 0, 0, 1));
    tap.sent(2, Uint8Array.of(3, 0, 0, 0, 1));
    tap.garbled();
    await tap.close();
    const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => line.split(" ").slice(1, 3).join(" "))).toEqual(["> 2", "? 0"]);
  });

  test("never takes more than two files of eight megabytes, and keeps the newest", async () => {
    using folder = temporaryFolder();
    const { file, tap } = logIn(folder.path);
    const pdu = new Uint8Array(252).fill(3);
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 10_000; i++) tap.received(round, pdu);
      await tap.close();
    }
    const folderOf = join(folder.path, "frames");
    const names = await readdir(folderOf);
    expect(names.sort()).toEqual(["D.log", "D.log.1"]);
    for (const name of names)
      expect((await stat(join(folderOf, name))).size).toBeLessThanOrEqual(8 * 1024 * 1024);
    expect(await readFile(file, "utf8")).toContain(" < 3 ");
  });
});

describe("a recording that is served as a device", () => {
  test.each([
    ["Modbus TCP", false],
    ["RTU over TCP", true],
  ] as const)("answers by %s as the device did, refusals and silence too", async (_what, isRtu) => {
    using folder = temporaryFolder();
    const { file, tap } = logIn(folder.path);
    let isSilent = false;
    const reply: Reply = (asked, socket) => {
      if (!isSilent) socket.write(isRtu ? honestRtu(asked) : honestTcp(asked));
    };
    await using peer = await (isRtu ? rtuPeer(reply) : tcpPeer(reply));
    const connectionTo = isRtu ? rtuOverTcpConnection : tcpConnection;
    const device = [modbusDevice()];
    const driver = modbusDriver(connectionTo(peer.port), TAGS, device, systemClock, tap);
    await driver.connect(never);
    const first = await driver.poll(0, never);
    const values = [...first.batch.value];
    await driver.close();
    await tap.close();
    const text = await readFile(file, "utf8");
    const replay = await startReplay(readRecording(text), { port: 0, isRtu, clock: systemClock });
    const again = modbusDriver(connectionTo(replay.port), TAGS, device);
    await again.connect(never);
    for (let i = 0; i < 3; i++) {
      const { batch, answered } = await again.poll(0, never);
      expect(answered).toBe(true);
      expect([...batch.value]).toEqual(values);
      expect([...batch.status]).toEqual(TAGS.map(() => Status.Good));
    }
    await again.close();
    await replay.close();
    isSilent = true;
  });

  test("is silent where the device was, refuses what it refused, and answers in the order of the recording", () => {
    const at = (ms: number): string => new Date(1_763_868_000_000 + ms).toISOString();
    const recording = readRecording(
      [
        `${at(0)} > 1 0300070001  `,
        `${at(20)} < 1 03020001  `,
        `${at(1000)} > 1 0300070001  `,
        `${at(2000)} > 1 0300070001  `,
        `${at(2010)} < 1 8306  `,
        "no line at all",
        `${at(3000)} > 2 0300070002  `,
        `${at(3001)} < 1 03020001  `,
      ].join("\n"),
    );
    expect(
      recording.get("1 0300070001")?.map(({ pdu, delayMs }) => [pdu?.toString("hex") ?? null, delayMs]),
    ).toEqual([
      ["03020001", 20],
      [null, 0],
      ["8306", 10],
    ]);
    expect(recording.get("2 0300070002")).toEqual([{ pdu: null, delayMs: 0 }]);
  });
});
