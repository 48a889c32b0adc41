import { describe, expect, test } from "vitest";
import { planConnection, unmeetable } from "../../../src/drivers/modbus/load.ts";
import { modbusDevice, modbusTags, rtuConnection, tcpConnection } from "../../support/modbus-tags.ts";
import type { TagSketch } from "../../support/modbus-tags.ts";

const floats = (count: number, rest: TagSketch = {}): readonly TagSketch[] =>
  Array.from({ length: count }, (_, i) => ({ ...rest, address: i * 2 }));

describe("the load of a link", () => {
  test.each([
    // 8 + 5 + 248 characters of 11 bits, twice 3.5 characters of silence (1.75 ms above 19200 baud), 2 ms for the device.
    [9600, 62, 309.1],
    [19_200, 62, 155.5],
    [115_200, 62, 30.4],
    // 8 + 5 + 4 characters.
    [9600, 1, 29.5],
  ])("at %i baud a read of %i floats takes %f ms [Serial Line V1.02, 2.5.1]", (baud, count, ms) => {
    const plan = planConnection(
      rtuConnection("/dev/x", 1000, baud),
      [modbusDevice()],
      modbusTags(floats(count)),
    );
    expect(plan.groups[0]?.estimatedMs).toBeCloseTo(ms, 1);
    expect(plan.load).toBeCloseTo(ms / 1000, 3);
    expect(plan).toMatchObject({ requests: 1, bytesOut: 8, bytesIn: 5 + count * 4 });
  });

  test("counts the bytes of Modbus TCP: 12 out, 9 and the data in", () => {
    const plan = planConnection(tcpConnection(502), [modbusDevice()], modbusTags(floats(500)));
    expect(plan).toMatchObject({ requests: 9, bytesOut: 108, bytesIn: 81 + 2000 });
    expect(unmeetable(plan)).toEqual([]);
  });

  test("is the sum over devices and scan classes, each by its own period", () => {
    const tags = modbusTags([
      ...floats(1, { device: "A", periodMs: 1000 }),
      ...floats(1, { device: "A", scanClass: "slow", periodMs: 10_000 }),
      ...floats(1, { device: "B", periodMs: 500 }),
    ]);
    const plan = planConnection(
      rtuConnection("/dev/x", 1000, 9600),
      [modbusDevice("A"), modbusDevice("B", 2)],
      tags,
    );
    const one = plan.groups[0]?.estimatedMs ?? NaN;
    expect(plan.groups.map((group) => [group.device, group.scanClass])).toEqual([
      ["A", "fast"],
      ["A", "slow"],
      ["B", "fast"],
    ]);
    expect(plan.load).toBeCloseTo(one / 1000 + one / 10_000 + one / 500, 9);
  });
});

describe("a scan class that cannot be met", () => {
  test("because one device takes longer than the period is named with its arithmetic", () => {
    const tags = modbusTags(floats(500, { periodMs: 1000 }));
    const plan = planConnection(rtuConnection("/dev/x", 1000, 9600), [modbusDevice()], tags);
    expect(unmeetable(plan)).toMatchObject([{ connection: "C", device: "D", scanClasses: ["fast"] }]);
    expect(unmeetable(plan)[0]?.told.sentence).toBe(
      "D cannot be polled every 1000 ms: its 9 requests move 2117 bytes and take 2516 ms on C.",
    );
  });

  test("because the devices together take more than all of the link's time is named for the link", () => {
    const devices = Array.from({ length: 8 }, (_, i) => modbusDevice(`E${i}`, i + 1));
    const tags = modbusTags(devices.flatMap(({ id }) => floats(62, { device: id })));
    const plan = planConnection(rtuConnection("/dev/x", 1000, 19_200), devices, tags);
    expect(unmeetable(plan)).toMatchObject([{ connection: "C", device: null, scanClasses: ["fast"] }]);
    expect(unmeetable(plan)[0]?.told.sentence).toMatch(
      /^the polls of C would take 124 % of its time: E0 fast 156 ms/,
    );
  });

  test("because a reply takes longer than its deadline is named for the device", () => {
    const tags = modbusTags(floats(62));
    const plan = planConnection(rtuConnection("/dev/x", 200, 9600), [modbusDevice()], tags);
    expect(unmeetable(plan)[0]?.told.sentence).toBe(
      "the longest request to D takes 309 ms on C, more than its timeout of 200 ms.",
    );
  });
});
