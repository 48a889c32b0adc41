import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mulberry32 } from "../../../src/domain/random.ts";
import { crc16 } from "../../../src/drivers/modbus/crc.ts";
import { RtuFraming, TcpFraming } from "../../../src/drivers/modbus/framing.ts";
import type { Framing, TakeFrame } from "../../../src/drivers/modbus/framing.ts";
import { mbap, withCrc } from "../../support/modbus-peer.ts";

function push(framing: Framing, bytes: Uint8Array): boolean {
  return framing.push(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), bytes.length);
}

/** Frames that came out, as `id: bytes`. */
function collector(): { readonly frames: string[]; readonly take: TakeFrame } {
  const frames: string[] = [];
  return {
    frames,
    take: (id, view, at, length) =>
      frames.push(`${id}: ${Buffer.from(view.buffer, view.byteOffset + at, length).toString("hex")}`),
  };
}

/** Cuts bytes at random places. */
function pieces(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return places.slice(1).map((place, i) => bytes.subarray(places[i], place));
}

const adu = fc
  .tuple(
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(1, 2, 3, 4),
    fc.uint8Array({ minLength: 1, maxLength: 250 }),
  )
  .map(([unit, functionCode, data]) => Buffer.concat([Buffer.from([unit, functionCode, data.length]), data]));
const cuts = fc.array(fc.nat(10_000), { maxLength: 12 });

describe("Modbus TCP frames", () => {
  test("come out whole however the stream is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(65_535), adu), { maxLength: 8 }), cuts, (sent, places) => {
        const { frames, take } = collector();
        const framing = new TcpFraming(take);
        for (const piece of pieces(Buffer.concat(sent.map(([id, body]) => mbap(id, body))), places))
          expect(push(framing, piece)).toBe(true);
        expect(frames).toEqual(sent.map(([id, body]) => `${id}: ${body.toString("hex")}`));
        expect(framing.reset()).toBe(0);
      }),
      { seed: 20_240_606, numRuns: 300 },
    );
  });

  test.each([
    ["a protocol id that is not 0", "0001 0001 0003 010302"],
    ["a length below unit and function", "0001 0000 0001 01"],
    ["a length above 254 [Implementation Guide V1.0b, 4.1]", "0001 0000 00ff 01"],
    ["a length of 65535", "0001 0000 ffff 01"],
  ])("end at %s, whether it comes at once or byte by byte", (_, hex) => {
    const bytes = Buffer.from(hex.replaceAll(" ", ""), "hex");
    const { frames, take } = collector();
    expect(push(new TcpFraming(take), bytes)).toBe(false);
    const dripping = new TcpFraming(take);
    const results = [...bytes].map((byte) => push(dripping, Buffer.from([byte])));
    expect(results.slice(0, 6)).toEqual([true, true, true, true, true, false]);
    expect(frames).toEqual([]);
  });
});

describe("RTU frames", () => {
  test("the checksum of the specification's example is 1241 [Serial Line V1.02, 6.2.2]", () => {
    expect(crc16(Buffer.from([0x02, 0x07]), 0, 2)).toBe(0x1241);
  });

  test("come out whole however the stream is cut", () => {
    fc.assert(
      fc.property(fc.array(adu, { maxLength: 8 }), cuts, (sent, places) => {
        const { frames, take } = collector();
        const framing = new RtuFraming(take);
        for (const piece of pieces(Buffer.concat(sent.map(withCrc)), places))
          expect(push(framing, piece)).toBe(true);
        expect(frames).toEqual(sent.map((body) => `0: ${body.toString("hex")}`));
      }),
      { seed: 20_240_607, numRuns: 300 },
    );
  });

  test("a wrong checksum makes all that follows noise, until the line is held to have been silent", () => {
    const { frames, take } = collector();
    const framing = new RtuFraming(take);
    const good = withCrc(Buffer.from([1, 3, 2, 0, 7]));
    const bad = Buffer.from(good);
    bad.writeUInt8(8, 4);
    expect(push(framing, Buffer.concat([bad, good]))).toBe(false);
    expect(push(framing, good)).toBe(false);
    expect(frames).toEqual([]);
    framing.reset();
    expect(push(framing, good)).toBe(true);
    expect(frames).toEqual(["0: 0103020007"]);
  });
});

test("a million chunks of random bytes, some nearly right: no throw, and RTU takes none without its checksum", () => {
  const random = mulberry32(20_240_608);
  const below = (n: number): number => Math.floor(random() * n);
  const chunk = Buffer.alloc(64);
  let taken = 0;
  const framings = [
    new TcpFraming((_id, view, at, length) => void (at + length > view.byteLength ? fail() : 0)),
    new RtuFraming((_id, view, at, length) => {
      taken++;
      const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
      expect(crc16(bytes, at, at + length)).toBe(view.getUint16(at + length, true));
    }),
  ];
  for (let i = 0; i < 500_000; i++) {
    const length = 1 + below(chunk.length);
    for (let k = 0; k < 12 && k < length; k++) chunk[k] = below(4) === 0 ? below(256) : below(5);
    for (const framing of framings) if (!push(framing, chunk.subarray(0, length))) framing.reset();
  }
  expect(taken).toBeGreaterThan(0);
}, 20_000);

function fail(): never {
  throw new Error("a frame reaches beyond its buffer");
}
