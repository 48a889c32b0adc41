import { expect, test } from "vitest";
import type { Driver } from "../../../src/domain/ports.ts";
import { mulberry32 } from "../../../src/domain/random.ts";
import { isBad } from "../../../src/domain/status.ts";
import { honestRtu, honestTcp, rtuPeer, tcpPeer, withCrc } from "../../support/modbus-peer.ts";
import type { Asked } from "../../support/modbus-peer.ts";
import {
  modbusDevice,
  modbusDriver,
  modbusTags,
  never,
  rtuOverTcpConnection,
  tcpConnection,
} from "../../support/modbus-tags.ts";

const FRAMES_TCP = 100_000;
const FRAMES_RTU = 30_000;
const TIMEOUT_MS = 10;
const BURST_MAX = 8;
const TAGS = modbusTags([0, 1, 2, 3].map((address) => ({ address, type: "uint16" as const })));

/** Flips, cuts, doubles or inserts bytes, most often in the first ten, where the header is. */
function mutate(frame: Buffer, random: () => number): Buffer {
  const below = (n: number): number => Math.floor(random() * n);
  const at = random() < 0.7 ? below(Math.min(10, frame.length)) : below(frame.length);
  const mutant = Buffer.from(frame);
  switch (below(6)) {
    case 0:
      mutant.writeUInt8(mutant.readUInt8(at) ^ (1 << below(8)), at);
      return mutant;
    case 1:
      mutant.writeUInt8(below(256), at);
      return mutant;
    case 2:
      return mutant.subarray(0, at);
    case 3:
      return Buffer.concat([mutant.subarray(0, at), Buffer.from([below(256)]), mutant.subarray(at)]);
    case 4:
      return Buffer.concat([mutant.subarray(0, at), mutant.subarray(at + 1)]);
    default:
      return Buffer.concat([mutant.subarray(0, at), mutant.subarray(Math.max(0, at - below(8)))]);
  }
}

/** What one connection was sent, and what of it a strict reader may take as the answer to the request that waits. */
interface Witness {
  stream: Buffer;
  asked: Asked | null;
  readonly allowed: Map<number, Set<string>>;
}

/** Walks the stream of Modbus TCP frames since the connection began; the first that fits the request in every field counts. */
function watchTcp(witness: Witness, bytes: Buffer): void {
  witness.stream = Buffer.concat([witness.stream, bytes]);
  for (;;) {
    const { stream, asked } = witness;
    if (stream.length < 6) return;
    const length = stream.readUInt16BE(4);
    if (stream.length < 6 + length) return;
    const adu = stream.subarray(6, 6 + length);
    const id = stream.readUInt16BE(0);
    witness.stream = stream.subarray(6 + length);
    if (asked === null || id !== asked.id || !isAnswer(adu, asked)) continue;
    allow(witness, asked, adu);
    witness.asked = null;
  }
}

/** Any place in the bytes since the request that reads as its whole answer. */
function watchRtu(witness: Witness, bytes: Buffer): void {
  witness.stream = Buffer.concat([witness.stream, bytes]);
  const { stream, asked } = witness;
  if (asked === null) return;
  const bytesOfAnswer = 3 + asked.quantity * 2;
  for (let at = 0; at + bytesOfAnswer + 2 <= stream.length; at++) {
    const adu = stream.subarray(at, at + bytesOfAnswer);
    const isWhole = withCrc(adu).equals(stream.subarray(at, at + bytesOfAnswer + 2));
    if (isAnswer(adu, asked) && isWhole) allow(witness, asked, adu);
  }
}

function isAnswer(adu: Buffer, asked: Asked): boolean {
  const dataBytes = asked.quantity * 2;
  return (
    adu.length === 3 + dataBytes &&
    adu[0] === asked.unit &&
    adu[1] === asked.functionCode &&
    adu[2] === dataBytes
  );
}

function allow({ allowed }: Witness, { address }: Asked, adu: Buffer): void {
  for (let i = 0; 3 + i * 2 < adu.length; i++) {
    const values = allowed.get(address + i) ?? new Set();
    allowed.set(address + i, values);
    values.add(`${adu.readUInt16BE(3 + i * 2)}`);
  }
}

interface Link {
  readonly peerFor: typeof tcpPeer;
  readonly connectionTo: (port: number, timeoutMs: number) => Parameters<typeof modbusDriver>[0];
  readonly honest: (asked: Asked) => Buffer;
  readonly watch: (witness: Witness, bytes: Buffer) => void;
  readonly forgetsAtRequest: boolean;
}

async function fuzz(
  link: Link,
  frames: number,
  connections: number,
): Promise<{ good: number; wrong: number }> {
  const random = mulberry32(20_240_605);
  const tally = { sent: 0, good: 0, wrong: 0 };
  /** One peer for each driver, so that a reading can be held against what its own connection was sent. */
  const run = async (): Promise<void> => {
    let witness: Witness = { stream: Buffer.alloc(0), asked: null, allowed: new Map() };
    const known = new WeakSet<object>();
    await using peer = await link.peerFor((asked, socket) => {
      if (!known.has(socket)) witness = { ...witness, stream: Buffer.alloc(0) };
      known.add(socket);
      witness.asked = asked;
      if (link.forgetsAtRequest) witness.stream = Buffer.alloc(0);
      const burst: Buffer[] = [];
      const count = 1 + Math.floor(random() * BURST_MAX);
      for (let i = 0; i < count; i++) {
        const mutant = mutate(link.honest(asked), random);
        const isMended = link.forgetsAtRequest && random() < 0.5 && mutant.length > 2;
        burst.push(isMended ? withCrc(mutant.subarray(0, -2)) : mutant);
      }
      tally.sent += count;
      if (random() < 0.5) burst.push(link.honest(asked));
      const bytes = Buffer.concat(burst);
      link.watch(witness, bytes);
      socket.write(bytes);
    });
    const driver = modbusDriver(link.connectionTo(peer.port, TIMEOUT_MS), TAGS, [modbusDevice()]);
    await driver.connect(never);
    while (tally.sent < frames) await pollOnce(driver, () => witness, tally);
    await driver.close();
  };
  await Promise.all(Array.from({ length: connections }, run));
  expect(tally.sent).toBeGreaterThanOrEqual(frames);
  return tally;
}

async function pollOnce(
  driver: Driver,
  witness: () => Witness,
  tally: { good: number; wrong: number },
): Promise<void> {
  witness().allowed.clear();
  try {
    const { batch } = await driver.poll(0, never);
    for (let row = 0; row < batch.length; row++) {
      if (isBad(batch.status[row] ?? 0)) continue;
      if (witness().allowed.get(row)?.has(`${batch.value[row]}`) === true) tally.good++;
      else tally.wrong++;
    }
  } catch (error) {
    expect(error).toMatchObject({ code: "CONNECTION_LOST" });
    await driver.connect(never);
  }
  await new Promise((resolve) => setTimeout(resolve, 1));
}

test("100,000 mutated Modbus TCP frames: no crash, and no value that a right frame did not carry", async () => {
  const link: Link = {
    peerFor: tcpPeer,
    connectionTo: tcpConnection,
    honest: honestTcp,
    watch: watchTcp,
    forgetsAtRequest: false,
  };
  const { good, wrong } = await fuzz(link, FRAMES_TCP, 60);
  expect(wrong).toBe(0);
  expect(good).toBeGreaterThan(1000);
});

test("30,000 mutated RTU frames: no crash, and no value that a right frame did not carry", async () => {
  const link: Link = {
    peerFor: rtuPeer,
    connectionTo: rtuOverTcpConnection,
    honest: honestRtu,
    watch: watchRtu,
    forgetsAtRequest: true,
  };
  const { good, wrong } = await fuzz(link, FRAMES_RTU, 120);
  expect(wrong).toBe(0);
  expect(good).toBeGreaterThan(20);
});
