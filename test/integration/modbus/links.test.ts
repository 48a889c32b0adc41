import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { ConnectionLost } from "../../../src/domain/errors.ts";
import { Status } from "../../../src/domain/status.ts";
import {
  addressesAsData,
  dataReply,
  honestRtu,
  honestTcp,
  mbap,
  rtuPeer,
  tcpPeer,
} from "../../support/modbus-peer.ts";
import type { Asked, Reply } from "../../support/modbus-peer.ts";
import {
  modbusDevice,
  modbusDriver,
  modbusTags,
  never,
  rtuConnection,
  rtuOverTcpConnection,
  tcpConnection,
} from "../../support/modbus-tags.ts";
import { until } from "../../support/until.ts";

const words = (...addresses: readonly number[]): ReturnType<typeof modbusTags> =>
  modbusTags(addresses.map((address) => ({ address, type: "uint16" as const })));

const LINKS = [
  { name: "Modbus TCP", peerFor: tcpPeer, connectionTo: tcpConnection, frame: honestTcp },
  { name: "RTU over TCP", peerFor: rtuPeer, connectionTo: rtuOverTcpConnection, frame: honestRtu },
] as const;

describe.each(LINKS)("$name", ({ peerFor, connectionTo, frame }) => {
  test("reads a reply that comes byte by byte, and two that come in one piece", async () => {
    const drip: Reply = (asked, socket) => {
      const bytes = frame(asked);
      let at = 0;
      const next = (): void => {
        socket.write(bytes.subarray(at, ++at));
        if (at < bytes.length) setImmediate(next);
      };
      next();
    };
    await using peer = await peerFor(drip);
    const driver = modbusDriver(connectionTo(peer.port), words(1, 2, 300));
    await driver.connect(never);
    for (let i = 0; i < 20; i++) {
      const { batch } = await driver.poll(0, never);
      expect([...batch.value]).toEqual([1, 2, 300]);
    }
    await driver.close();
  });

  test("keeps its deadline while a reply drips in", async () => {
    await using peer = await peerFor((asked, socket) => {
      const bytes = frame(asked);
      let at = 0;
      const timer = setInterval(() => {
        if (at >= bytes.length || socket.destroyed) clearInterval(timer);
        else socket.write(bytes.subarray(at, ++at));
      }, 20);
    });
    const driver = modbusDriver(
      connectionTo(peer.port, 100),
      words(...Array.from({ length: 100 }, (_, i) => i)),
    );
    await driver.connect(never);
    const before = performance.now();
    const poll = await driver.poll(0, never);
    expect(performance.now() - before).toBeLessThan(1000);
    expect(poll.answered).toBe(false);
    expect(driver.counters.timeouts).toBe(1);
    await driver.close();
  });

  test("rejects what waits at once when the device closes, and connects again with the same driver", async () => {
    let isClosing = true;
    await using peer = await peerFor((asked, socket) => {
      if (isClosing) socket.destroy();
      else socket.write(frame(asked));
    });
    const driver = modbusDriver(connectionTo(peer.port, 60_000), words(1));
    await driver.connect(never);
    await expect(driver.poll(0, never)).rejects.toThrow(ConnectionLost);
    await expect(driver.poll(0, never)).rejects.toThrow(ConnectionLost);
    isClosing = false;
    await driver.connect(never);
    expect((await driver.poll(0, never)).batch.value[0]).toBe(1);
    expect(driver.counters.connects).toBe(2);
    await driver.close();
    await until(() => peer.sockets.size === 0);
  });

  test("notices a device that ends the connection politely", async () => {
    await using peer = await peerFor((_, socket) => socket.end());
    const driver = modbusDriver(connectionTo(peer.port, 60_000), words(1));
    await driver.connect(never);
    await expect(driver.poll(0, never)).rejects.toThrow(ConnectionLost);
    await driver.close();
  });

  test("takes the connection for lost when nothing at all comes for three requests", async () => {
    await using peer = await peerFor(() => {});
    const driver = modbusDriver(connectionTo(peer.port, 30), words(1));
    await driver.connect(never);
    await expect(
      until(async () => {
        expect((await driver.poll(0, never)).answered).toBe(false);
      }),
    ).rejects.toThrow(ConnectionLost);
    expect(driver.counters.timeouts).toBe(3);
    await expect(driver.poll(0, never)).rejects.toThrow(ConnectionLost);
    await until(() => peer.sockets.size === 0);
  });

  test("keeps the connection when one unit is silent and another is not", async () => {
    await using peer = await peerFor((asked, socket) => {
      if (asked.unit === 2) socket.write(frame(asked));
    });
    const tags = modbusTags([{ device: "A" }, { device: "B" }]);
    const driver = modbusDriver(connectionTo(peer.port, 30), tags, [
      modbusDevice("A", 1),
      modbusDevice("B", 2),
    ]);
    await driver.connect(never);
    await until(async () => {
      expect((await driver.poll(0, never)).answered).toBe(false);
      expect((await driver.poll(1, never)).answered).toBe(true);
      return driver.counters.timeouts >= 5;
    });
    expect(driver.counters.connects).toBe(1);
    await driver.close();
  });

  test("closes a connection that floods it", async () => {
    await using peer = await peerFor((_, socket) => {
      const junk = Buffer.alloc(64 * 1024, 0x42);
      const pour = (): void => {
        while (!socket.destroyed && socket.write(junk));
      };
      socket.on("drain", pour);
      pour();
    });
    const driver = modbusDriver(connectionTo(peer.port), words(1));
    await driver.connect(never);
    await driver.poll(0, never).catch(() => {});
    await expect(until(() => driver.poll(0, never).then(() => false))).rejects.toThrow(ConnectionLost);
    await until(() => peer.sockets.size === 0);
    expect(driver.counters.bytesReceived).toBeLessThan(4 * 64 * 1024);
    expect(driver.counters.malformedFrames).toBeGreaterThan(0);
  });

  test("a poll that is aborted rejects with the signal's reason, and the next one is right", async () => {
    let isMute = true;
    const late: (() => void)[] = [];
    await using peer = await peerFor((asked, socket) => {
      if (isMute) late.push(() => socket.write(frame(asked)));
      else {
        for (const send of late.splice(0)) send();
        socket.write(frame(asked));
      }
    });
    const driver = modbusDriver(connectionTo(peer.port, 400), words(1));
    await driver.connect(never);
    const stop = new AbortController();
    const poll = driver.poll(0, stop.signal);
    await until(() => late.length > 0);
    stop.abort(new Error("enough"));
    await expect(poll).rejects.toThrow("enough");
    isMute = false;
    await until(async () => (await driver.poll(0, never)).batch.value[0] === 1);
    expect(driver.counters.lateReplies).toBe(1);
    await driver.close();
  });

  test("close rejects what waits and leaves no socket behind", async () => {
    await using peer = await peerFor(() => {});
    const driver = modbusDriver(connectionTo(peer.port, 60_000), words(1));
    await driver.connect(never);
    const poll = driver.poll(0, never);
    const rejected = expect(poll).rejects.toThrow(ConnectionLost);
    await until(() => driver.counters.requests === 1);
    await driver.close();
    await rejected;
    await until(() => peer.sockets.size === 0);
  });
});

describe("connecting", () => {
  test("fails as a lost connection where nothing listens", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const driver = modbusDriver(tcpConnection(port), words(1));
    await expect(driver.connect(never)).rejects.toThrow("nothing listens there");
    await expect(driver.connect(never)).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  });

  test("is abandoned when it is aborted", async () => {
    const driver = modbusDriver({ ...tcpConnection(502), host: "192.0.2.1" }, words(1));
    const stop = new AbortController();
    const connecting = driver.connect(stop.signal);
    stop.abort(new Error("enough"));
    await expect(connecting).rejects.toThrow();
  });

  test("a serial port that does not exist is a lost connection", async () => {
    const driver = modbusDriver(rtuConnection("/dev/there-is-no-such-port"), words(1));
    await expect(driver.connect(never)).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  });
});

describe("Modbus TCP framing", () => {
  test("a frame that declares 65535 bytes closes the connection at its header", async () => {
    await using peer = await tcpPeer((asked, socket) => {
      const header = Buffer.alloc(6);
      header.writeUInt16BE(asked.id, 0);
      header.writeUInt16BE(65_535, 4);
      socket.write(header);
    });
    const driver = modbusDriver(tcpConnection(peer.port, 60_000), words(1));
    await driver.connect(never);
    await expect(driver.poll(0, never)).rejects.toThrow(ConnectionLost);
    expect(driver.counters).toMatchObject({ malformedFrames: 1, bytesReceived: 6 });
    await until(() => peer.sockets.size === 0);
  });

  test.each([
    [
      "another transaction id",
      (asked: Asked) => mbap((asked.id + 1) & 0xffff, dataReply(asked, addressesAsData(asked))),
    ],
    [
      "another unit",
      (asked: Asked) => mbap(asked.id, dataReply({ ...asked, unit: 9 }, addressesAsData(asked))),
    ],
    [
      "another function",
      (asked: Asked) => mbap(asked.id, dataReply({ ...asked, functionCode: 4 }, addressesAsData(asked))),
    ],
    [
      "fewer registers",
      (asked: Asked) => mbap(asked.id, dataReply(asked, Buffer.alloc(asked.quantity * 2 - 2))),
    ],
    [
      "a byte count that lies",
      (asked: Asked) => {
        const reply = dataReply(asked, addressesAsData(asked));
        reply.writeUInt8(reply.readUInt8(2) - 2, 2);
        return mbap(asked.id, reply);
      },
    ],
    ["a refusal of another function", (asked: Asked) => mbap(asked.id, Buffer.from([asked.unit, 0x84, 2]))],
  ])("a reply with %s is thrown away, and the right one behind it is taken", async (_, wrong) => {
    await using peer = await tcpPeer((asked, socket) => {
      socket.write(wrong(asked));
      socket.write(honestTcp(asked));
    });
    const driver = modbusDriver(tcpConnection(peer.port), words(1, 2, 3));
    await driver.connect(never);
    expect([...(await driver.poll(0, never)).batch.value]).toEqual([1, 2, 3]);
    expect(driver.counters).toMatchObject({ foreignReplies: 1, replies: 1, timeouts: 0 });
    await driver.close();
  });
});

describe("RTU framing", () => {
  test("a wrong checksum makes the reading bad, and the line is left to fall silent before the next request", async () => {
    let count = 0;
    await using peer = await rtuPeer((asked, socket) => {
      const bytes = honestRtu(asked);
      if (count++ === 0) bytes.writeUInt8(bytes.readUInt8(4) ^ 1, 4);
      socket.write(bytes);
    });
    const driver = modbusDriver(rtuOverTcpConnection(peer.port, 200), words(1, 2));
    await driver.connect(never);
    const poll = await driver.poll(0, never);
    expect([...poll.batch.status]).toEqual([Status.BadNoCommunication, Status.BadNoCommunication]);
    expect([...(await driver.poll(0, never)).batch.value]).toEqual([1, 2]);
    expect(driver.counters.malformedFrames).toBe(1);
    await driver.close();
  });
});
