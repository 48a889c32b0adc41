import { describe, expect, test } from "vitest";
import type { Poll } from "../../../src/domain/ports.ts";
import { Status } from "../../../src/domain/status.ts";
import { acceleratedClock, systemClock } from "../../../src/domain/system-clock.ts";
import { RETRY_AFTER_MS } from "../../../src/drivers/modbus/lessons.ts";
import { addressesAsData, dataReply, mbap, refusal, tcpPeer } from "../../support/modbus-peer.ts";
import type { Asked, Reply } from "../../support/modbus-peer.ts";
import { modbusDevice, modbusDriver, modbusTags, never, tcpConnection } from "../../support/modbus-tags.ts";
import { until } from "../../support/until.ts";

const words = (...addresses: readonly number[]): ReturnType<typeof modbusTags> =>
  modbusTags(addresses.map((address) => ({ address, type: "uint16" as const })));

const honest: Reply = (asked, socket) => {
  socket.write(mbap(asked.id, dataReply(asked, addressesAsData(asked))));
};

function touches({ address, quantity }: Asked, bad: readonly number[]): boolean {
  return bad.some((one) => one >= address && one < address + quantity);
}

/** Refuses every read that touches one of these addresses. */
function refusing(bad: readonly number[], code: number, log: Asked[] = []): Reply {
  return (asked, socket) => {
    log.push(asked);
    if (touches(asked, bad)) socket.write(mbap(asked.id, refusal(asked, code)));
    else honest(asked, socket);
  };
}

function values({ batch }: Poll): readonly number[] {
  return [...batch.value.subarray(0, batch.length)];
}

function statuses({ batch }: Poll): readonly number[] {
  return [...batch.status.subarray(0, batch.length)];
}

describe("a poll", () => {
  test("brings one row per tag, with index, value, status and the time at which the reply came", async () => {
    await using peer = await tcpPeer(honest);
    const tags = modbusTags([
      { address: 700, type: "uint16" },
      { address: 3, type: "uint16" },
      { table: "coil", type: "bool", address: 5 },
      { table: "input", type: "int64", address: 9 },
    ]);
    const driver = modbusDriver(tcpConnection(peer.port), tags);
    await driver.connect(never);
    const before = systemClock.now();
    const poll = await driver.poll(0, never);
    const byTag = new Map([...poll.batch.tag].map((tag, row) => [tag, poll.batch.value[row]]));
    expect([0, 1, 2].map((tag) => byTag.get(tag))).toEqual([700, 3, 1]);
    const row = [...poll.batch.tag].indexOf(3);
    expect(poll.batch.exact.get(row)).toBe(0x0009000a000b000cn);
    expect(statuses(poll)).toEqual([0, 0, 0, 0]);
    expect(poll.batch.sourceTime[0]).toBeGreaterThanOrEqual(before);
    expect(poll.batch.receivedTime[0]).toBe(poll.batch.sourceTime[0]);
    expect(poll).toMatchObject({ answered: true, confirmsRest: false });
    expect(driver.counters).toMatchObject({ requests: 4, replies: 4, timeouts: 0, connects: 1 });
    await driver.close();
  });

  test("waits for a reply as long as the network may take, however hurried the plant's time is", async () => {
    const timeoutMs = 400;
    await using peer = await tcpPeer((asked, socket) => {
      if (asked.address === 0) setTimeout(() => honest(asked, socket), timeoutMs / 4);
    });
    const clock = acceleratedClock(20, systemClock.now());
    const tags = modbusTags([
      { address: 0, type: "uint16" },
      { address: 500, type: "uint16", scanClass: "slow" },
    ]);
    const driver = modbusDriver(tcpConnection(peer.port, timeoutMs), tags, [modbusDevice()], clock);
    await driver.connect(never);
    expect(statuses(await driver.poll(0, never))).toEqual([Status.Good]);
    const before = systemClock.monotonic();
    expect((await driver.poll(1, never)).answered).toBe(false);
    expect(systemClock.monotonic() - before).toBeGreaterThanOrEqual(timeoutMs - 1);
    await driver.close();
  });

  test("has a group for each device and scan class, and a breaker key for each unit", () => {
    const tags = modbusTags([
      { device: "A" },
      { device: "B" },
      { device: "A", scanClass: "slow", periodMs: 10_000 },
    ]);
    const driver = modbusDriver(tcpConnection(1), tags, [modbusDevice("A", 1), modbusDevice("B", 2)]);
    expect(
      driver.groups.map(({ device, scanClass, unit, periodMs }) => [device, scanClass, unit, periodMs]),
    ).toEqual([
      ["A", "fast", "C/1", 1000],
      ["A", "slow", "C/1", 10_000],
      ["B", "fast", "C/2", 1000],
    ]);
  });

  test("keeps what was read when another block is refused, and says why", async () => {
    await using peer = await tcpPeer(refusing([900], 1));
    const driver = modbusDriver(tcpConnection(peer.port), words(1, 900));
    await driver.connect(never);
    const poll = await driver.poll(0, never);
    expect(values(poll)).toEqual([1, NaN]);
    expect(statuses(poll)).toEqual([Status.Good, Status.BadConfiguration]);
    expect(poll.answered).toBe(true);
    await driver.close();
  });

  test("spends one time-out on a unit that says nothing", async () => {
    await using peer = await tcpPeer((asked, socket) => {
      if (asked.unit === 1) honest(asked, socket);
    });
    const tags = modbusTags([{ device: "A" }, ...[0, 200, 400].map((address) => ({ device: "B", address }))]);
    const driver = modbusDriver(tcpConnection(peer.port, 60), tags, [
      modbusDevice("A", 1),
      modbusDevice("B", 2),
    ]);
    await driver.connect(never);
    const poll = await driver.poll(1, never);
    expect(poll.answered).toBe(false);
    expect(statuses(poll)).toEqual(Array(3).fill(Status.BadNoCommunication));
    expect(driver.counters).toMatchObject({ requests: 1, timeouts: 1 });
    expect((await driver.poll(0, never)).answered).toBe(true);
    expect(driver.counters.connects).toBe(1);
    await driver.close();
  });

  test.each([0x0a, 0x0b])(
    "takes exception %i of a gateway for the silence of the unit behind it",
    async (code) => {
      await using peer = await tcpPeer(refusing([5], code));
      const driver = modbusDriver(tcpConnection(peer.port), words(5, 500));
      await driver.connect(never);
      const poll = await driver.poll(0, never);
      expect(poll.answered).toBe(false);
      expect(statuses(poll)).toEqual([Status.BadNoCommunication, Status.BadNoCommunication]);
      expect(driver.counters).toMatchObject({ requests: 1, exceptions: 1 });
      await driver.close();
    },
  );

  test.each([5, 6])("asks a device that is busy (exception %i) once more", async (code) => {
    let asks = 0;
    await using peer = await tcpPeer((asked, socket) => {
      if (asks++ % 2 === 0) socket.write(mbap(asked.id, refusal(asked, code)));
      else honest(asked, socket);
    });
    const driver = modbusDriver(tcpConnection(peer.port), words(5));
    await driver.connect(never);
    expect(values(await driver.poll(0, never))).toEqual([5]);
    expect(driver.counters).toMatchObject({ requests: 2, exceptions: 1 });
    await driver.close();
  });

  test("of a device that stays busy is bad and busy", async () => {
    await using peer = await tcpPeer(refusing([5], 6));
    const driver = modbusDriver(tcpConnection(peer.port), words(5));
    await driver.connect(never);
    expect(statuses(await driver.poll(0, never))).toEqual([Status.BadBusy]);
    expect(driver.counters.requests).toBe(2);
    await driver.close();
  });

  test("marks a tag in a forbidden range bad without ever asking for it", async () => {
    const log: Asked[] = [];
    await using peer = await tcpPeer(refusing([], 2, log));
    const device = modbusDevice("D", 1, { forbidden: [[40, 49]] });
    const driver = modbusDriver(tcpConnection(peer.port), words(30, 45, 60), [device]);
    await driver.connect(never);
    expect(statuses(await driver.poll(0, never))).toEqual([
      Status.Good,
      Status.BadConfiguration,
      Status.Good,
    ]);
    expect(log.some((asked) => touches(asked, [40, 49]))).toBe(false);
    await driver.close();
  });

  test("keeps values in their rows where an unreadable tag lies among others", async () => {
    await using peer = await tcpPeer(honest);
    const tags = modbusTags([
      { address: 7, type: "uint16" },
      { address: 8, type: "string", width: 4 },
      { address: 9, type: "uint16" },
    ]);
    const driver = modbusDriver(tcpConnection(peer.port), tags, [
      modbusDevice("D", 1, { forbidden: [[11, 11]] }),
    ]);
    await driver.connect(never);
    const { batch } = await driver.poll(0, never);
    expect([...batch.tag].map((tag, row) => [tag, batch.value[row], batch.status[row]])).toEqual([
      [0, 7, Status.Good],
      [1, NaN, Status.BadConfiguration],
      [2, 9, Status.Good],
    ]);
    await driver.close();
  });

  test("reuses its batch", async () => {
    await using peer = await tcpPeer(honest);
    const driver = modbusDriver(tcpConnection(peer.port), words(1, 2, 3));
    await driver.connect(never);
    const { batch } = await driver.poll(0, never);
    expect((await driver.poll(0, never)).batch).toBe(batch);
    await driver.close();
  });
});

describe("requests in flight", () => {
  test("never exceed one where the device does not say more", async () => {
    let waiting = 0;
    let most = 0;
    await using peer = await tcpPeer((asked, socket) => {
      most = Math.max(most, ++waiting);
      setTimeout(() => {
        waiting--;
        honest(asked, socket);
      }, 2);
    });
    const tags = modbusTags([0, 200, 400, 600].map((address) => ({ address, scanClass: `${address}` })));
    const driver = modbusDriver(tcpConnection(peer.port), tags);
    await driver.connect(never);
    await Promise.all(driver.groups.map((_, index) => driver.poll(index, never)));
    expect(most).toBe(1);
    await driver.close();
  });

  test("are as many as the device allows, and replies out of order find their requests", async () => {
    const held: (() => void)[] = [];
    let most = 0;
    await using peer = await tcpPeer((asked, socket) => {
      held.push(() => honest(asked, socket));
      most = Math.max(most, held.length);
      if (held.length === 4 || asked.address === 1800) for (const send of held.splice(0).toReversed()) send();
    });
    const addresses = Array.from({ length: 10 }, (_, i) => i * 200);
    const driver = modbusDriver(tcpConnection(peer.port), words(...addresses), [
      modbusDevice("D", 1, { inFlightMax: 4 }),
    ]);
    await driver.connect(never);
    expect(values(await driver.poll(0, never))).toEqual(addresses);
    expect(most).toBe(4);
    expect(driver.inFlightMax).toBe(4);
    await driver.close();
  });
});

describe("when a merged read is refused", () => {
  test.each([
    [2, Status.BadConfiguration],
    [3, Status.BadConfiguration],
    [4, Status.BadDeviceFailure],
  ])("with exception %i, only the bad address is left out, from the first poll on", async (code, status) => {
    const log: Asked[] = [];
    await using peer = await tcpPeer(refusing([37], code, log));
    const addresses = Array.from({ length: 100 }, (_, i) => i);
    const driver = modbusDriver(tcpConnection(peer.port), words(...addresses));
    await driver.connect(never);
    const expected = addresses.map((address) => (address === 37 ? NaN : address));
    const first = await driver.poll(0, never);
    expect(values(first)).toEqual(expected);
    expect(first.batch.status[37]).toBe(status);
    expect(driver.quarantined()).toEqual(["T37"]);
    log.length = 0;
    expect(values(await driver.poll(0, never))).toEqual(expected);
    expect(log.map(({ address, quantity }) => [address, quantity])).toEqual([
      [0, 37],
      [38, 62],
    ]);
    await driver.close();
  });

  test("several bad addresses are all found, within a bound of reads for each poll", async () => {
    const log: Asked[] = [];
    const bad = [3, 17, 18, 44, 80, 99];
    await using peer = await tcpPeer(refusing(bad, 2, log));
    const driver = modbusDriver(tcpConnection(peer.port), words(...Array.from({ length: 100 }, (_, i) => i)));
    await driver.connect(never);
    for (let polls = 0; polls < 12; polls++) {
      const before = log.length;
      await driver.poll(0, never);
      expect(log.length - before).toBeLessThanOrEqual(40);
    }
    expect(driver.quarantined()).toEqual(bad.map((address) => `T${address}`));
    const poll = await driver.poll(0, never);
    expect(values(poll).filter(Number.isNaN)).toHaveLength(bad.length);
    await driver.close();
  });

  test("because of a hole that nobody wants, the hole is not read again and no tag is lost", async () => {
    const log: Asked[] = [];
    await using peer = await tcpPeer(refusing([12], 2, log));
    const driver = modbusDriver(tcpConnection(peer.port), words(10, 11, 15, 16));
    await driver.connect(never);
    expect(values(await driver.poll(0, never))).toEqual([10, 11, 15, 16]);
    expect(driver.quarantined()).toEqual([]);
    log.length = 0;
    expect(values(await driver.poll(0, never))).toEqual([10, 11, 15, 16]);
    expect(log).toHaveLength(2);
    await driver.close();
  });

  test("because it is too long for the device, it is read in parts", async () => {
    const log: Asked[] = [];
    await using peer = await tcpPeer((asked, socket) => {
      log.push(asked);
      if (asked.quantity > 50) socket.write(mbap(asked.id, refusal(asked, 3)));
      else honest(asked, socket);
    });
    const addresses = Array.from({ length: 100 }, (_, i) => i);
    const driver = modbusDriver(tcpConnection(peer.port), words(...addresses));
    await driver.connect(never);
    expect(values(await driver.poll(0, never))).toEqual(addresses);
    log.length = 0;
    expect(values(await driver.poll(0, never))).toEqual(addresses);
    expect(log.map((asked) => asked.quantity)).toEqual([50, 50]);
    await driver.close();
  });

  test("by a device that refuses everything, no tag is singled out, and it is not searched at every poll", async () => {
    const log: Asked[] = [];
    let isStopped = true;
    await using peer = await tcpPeer((asked, socket) => {
      log.push(asked);
      if (isStopped) socket.write(mbap(asked.id, refusal(asked, 4)));
      else honest(asked, socket);
    });
    const addresses = Array.from({ length: 60 }, (_, i) => i);
    const driver = modbusDriver(tcpConnection(peer.port), words(...addresses));
    await driver.connect(never);
    const poll = await driver.poll(0, never);
    expect(new Set(statuses(poll))).toEqual(new Set([Status.BadDeviceFailure]));
    expect(driver.quarantined()).toEqual([]);
    log.length = 0;
    await driver.poll(0, never);
    expect(log).toHaveLength(1);
    isStopped = false;
    expect(values(await driver.poll(0, never))).toEqual(addresses);
    await driver.close();
  });

  test("by a device that stops for a while after it has run, no tag is singled out either", async () => {
    let isStopped = false;
    await using peer = await tcpPeer((asked, socket) => {
      if (isStopped) socket.write(mbap(asked.id, refusal(asked, 4)));
      else honest(asked, socket);
    });
    const driver = modbusDriver(
      tcpConnection(peer.port),
      words(...Array.from({ length: 60 }, (_, i) => i * 7)),
    );
    await driver.connect(never);
    for (let round = 0; round < 3; round++) {
      isStopped = false;
      for (let i = 0; i < 3; i++)
        expect(new Set(statuses(await driver.poll(0, never)))).toEqual(new Set([0]));
      isStopped = true;
      for (let i = 0; i < 3; i++) await driver.poll(0, never);
      expect(driver.quarantined()).toEqual([]);
    }
    await driver.close();
  });

  test("and the refused tag is alone in its scan class, what the unit answers elsewhere tells that it is the tag", async () => {
    await using peer = await tcpPeer(refusing([500], 2));
    const clock = acceleratedClock(1000, systemClock.now());
    const tags = modbusTags([
      { address: 0, type: "uint16" },
      { address: 500, type: "uint16", scanClass: "slow" },
    ]);
    const driver = modbusDriver(tcpConnection(peer.port), tags, [modbusDevice()], clock);
    await driver.connect(never);
    await until(async () => {
      const slow = await driver.poll(1, never);
      expect(statuses(slow)).toEqual([Status.BadConfiguration]);
      expect(values(await driver.poll(0, never))).toEqual([0]);
      return driver.quarantined().length > 0;
    });
    expect(driver.quarantined()).toEqual(["T1"]);
    await driver.close();
  });

  test("the bad address is tried again after five minutes, and is back as soon as it answers", async () => {
    const bad = [7];
    await using peer = await tcpPeer((asked, socket) => refusing(bad, 2)(asked, socket));
    const clock = acceleratedClock(1000, systemClock.now());
    const driver = modbusDriver(
      tcpConnection(peer.port),
      words(...Array.from({ length: 16 }, (_, i) => i)),
      [modbusDevice()],
      clock,
    );
    await driver.connect(never);
    const start = clock.monotonic();
    await driver.poll(0, never);
    expect(driver.quarantined()).toEqual(["T7"]);
    bad.length = 0;
    const poll = await until(async () => {
      const latest = await driver.poll(0, never);
      return driver.quarantined().length === 0 ? latest : null;
    });
    expect(clock.monotonic() - start).toBeGreaterThanOrEqual(RETRY_AFTER_MS);
    expect(values(poll)).toEqual(Array.from({ length: 16 }, (_, i) => i));
    expect((await driver.poll(0, never)).batch.status[7]).toBe(Status.Good);
    await driver.close();
  });
});
