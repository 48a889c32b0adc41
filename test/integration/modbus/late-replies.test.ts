import { describe, expect, test } from "vitest";
import type { LinkCounters } from "../../../src/domain/health.ts";
import type { Driver } from "../../../src/domain/ports.ts";
import { mulberry32 } from "../../../src/domain/random.ts";
import { isBad } from "../../../src/domain/status.ts";
import type { Tag } from "../../../src/domain/tag.ts";
import {
  addressesAsData,
  dataReply,
  honestRtu,
  honestTcp,
  mbap,
  rtuPeer,
  tcpPeer,
} from "../../support/modbus-peer.ts";
import type { Asked, Peer, Reply } from "../../support/modbus-peer.ts";
import {
  modbusDevice,
  modbusDriver,
  modbusTags,
  never,
  rtuOverTcpConnection,
  tcpConnection,
} from "../../support/modbus-tags.ts";

const TRIALS = 10_000;
const TIMEOUT_MS = 20;
/** Long enough that a busy machine does not make a reply later than the test means it to be. */
const RTU_TIMEOUT_MS = 50;

/** Blocks of equal shape, 125 registers apart from each other and more; every register holds its own address. */
const TAGS = modbusTags(
  Array.from({ length: 8 }, (_, i) =>
    [0, 1, 2].map((k) => ({ address: i * 300 + k, type: "uint16" as const })),
  ).flat(),
);

function addressOf(tag: Tag | undefined): number {
  return tag?.source.protocol === "modbus" ? tag.source.address : NaN;
}

interface Tally {
  good: number;
  bad: number;
  wrong: number;
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

/** Five hundred links at once on a busy machine may miss the short deadline of this test at first. */
async function reconnect(driver: Driver, end: number): Promise<void> {
  for (;;) {
    try {
      await driver.connect(never);
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
      await pause();
    }
  }
}

/** Polls until the driver has thrown away its share of replies; every good reading must be the value of its own address. */
async function pollUntil(driver: Driver, isDone: (counters: LinkCounters) => boolean): Promise<Tally> {
  const tally = { good: 0, bad: 0, wrong: 0 };
  const end = performance.now() + 90_000; // enough for a busy machine
  await reconnect(driver, end);
  while (!isDone(driver.counters) && performance.now() < end) {
    try {
      const { batch } = await driver.poll(0, never);
      for (let row = 0; row < batch.length; row++) {
        if (isBad(batch.status[row] ?? 0)) tally.bad++;
        else if (batch.value[row] === addressOf(TAGS[batch.tag[row] ?? -1])) tally.good++;
        else tally.wrong++;
      }
    } catch {
      await reconnect(driver, end);
    }
    await pause();
  }
  await driver.close();
  return tally;
}

async function hammer(
  drivers: readonly Driver[],
  peer: Peer,
  trials: number,
): Promise<Tally & { thrownAway: number; late: number }> {
  const share = trials / drivers.length;
  const thrownAway = ({ lateReplies, foreignReplies }: LinkCounters): number => lateReplies + foreignReplies;
  const tallies = await Promise.all(
    drivers.map((driver) => pollUntil(driver, (counters) => thrownAway(counters) >= share)),
  );
  expect(peer.sockets.size).toBeLessThanOrEqual(drivers.length);
  return {
    good: tallies.reduce((sum, tally) => sum + tally.good, 0),
    bad: tallies.reduce((sum, tally) => sum + tally.bad, 0),
    wrong: tallies.reduce((sum, tally) => sum + tally.wrong, 0),
    late: drivers.reduce((sum, driver) => sum + driver.counters.lateReplies, 0),
    thrownAway: drivers.reduce((sum, driver) => sum + thrownAway(driver.counters), 0),
  };
}

/** Holds some replies back beyond the deadline and sends them with a later one, with foreign ones mixed in. */
function lateTcp(random: () => number): Reply {
  const held = new WeakMap<object, Buffer[]>();
  return (asked, socket) => {
    const mine = held.get(socket) ?? [];
    held.set(socket, mine);
    const draw = random();
    if (draw < 0.15) {
      mine.push(honestTcp(asked));
      return;
    }
    const before = random() < 0.5 ? mine.splice(0) : [];
    if (draw < 0.4) before.push(foreignTcp(asked, random));
    socket.write(Buffer.concat([...before, honestTcp(asked), ...(draw < 0.25 ? mine.splice(0) : [])]));
  };
}

/** A well-formed reply of the same shape that is wrong in one field, with the values of another address. */
function foreignTcp(asked: Asked, random: () => number): Buffer {
  const other = { ...asked, address: asked.address + 300 };
  const data = addressesAsData(other);
  switch (Math.floor(random() * 4)) {
    case 0:
      return mbap((asked.id + 1 + Math.floor(random() * 0xfffe)) & 0xffff, dataReply(other, data));
    case 1:
      return mbap(asked.id, dataReply({ ...other, unit: (asked.unit + 1) & 0xff }, data));
    case 2:
      return mbap(asked.id, dataReply({ ...other, functionCode: 4 }, data));
    default:
      return mbap(asked.id, dataReply(other, data.subarray(2)));
  }
}

/** A slave that answers in order, but at times only after the deadline: a while later, or when it is asked again. */
function lateRtu(random: () => number): Reply {
  const queues = new WeakMap<object, Buffer[]>();
  return (asked, socket) => {
    const queue = queues.get(socket) ?? [];
    queues.set(socket, queue);
    queue.push(honestRtu(asked));
    const flush = (): void => {
      for (const bytes of queue.splice(0)) socket.write(bytes);
    };
    const draw = random();
    if (draw < 0.5) flush();
    else if (draw < 0.9) setTimeout(flush, RTU_TIMEOUT_MS * (1 + random() * 3));
  };
}

/** A server of many slaves behind which every reply has its own delay, up to half as long again as the deadline. */
function delayedRtu(random: () => number): Reply {
  return (asked, socket) => {
    const delayMs = random() < 0.4 ? RTU_TIMEOUT_MS * (1 + random() / 2) : random() * 2;
    setTimeout(() => socket.write(honestRtu(asked)), delayMs);
  };
}

describe("late and foreign replies", () => {
  test("on Modbus TCP: 10,000 thrown away, none taken for another", async () => {
    await using peer = await tcpPeer(lateTcp(mulberry32(11)));
    const drivers = Array.from({ length: 60 }, (_, i) =>
      modbusDriver(tcpConnection(peer.port, TIMEOUT_MS), TAGS, [
        modbusDevice("D", 1, { gap: 0, inFlightMax: i % 2 === 0 ? 1 : 4 }),
      ]),
    );
    const tally = await hammer(drivers, peer, TRIALS);
    expect(tally.wrong).toBe(0);
    expect(tally.thrownAway).toBeGreaterThanOrEqual(TRIALS);
    expect(tally.good).toBeGreaterThan(TRIALS);
    expect(tally.late).toBeGreaterThan(TRIALS / 10);
  });

  test.each([
    ["answers in order but late", TRIALS, lateRtu],
    ["delays each reply for itself", TRIALS / 10, delayedRtu],
  ])(
    "on a line without ids whose slave %s: %i thrown away, none taken for another",
    async (_, trials, reply) => {
      await using peer = await rtuPeer(reply(mulberry32(12)));
      const drivers = Array.from({ length: trials / 20 }, () =>
        modbusDriver(rtuOverTcpConnection(peer.port, RTU_TIMEOUT_MS), TAGS, [
          modbusDevice("D", 1, { gap: 0 }),
        ]),
      );
      const tally = await hammer(drivers, peer, trials);
      expect(tally.wrong).toBe(0);
      expect(tally.thrownAway).toBeGreaterThanOrEqual(trials);
      expect(tally.good).toBeGreaterThan(0);
    },
    120_000,
  );
});
