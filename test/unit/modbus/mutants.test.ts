import { expect, test } from "vitest";
import { mulberry32 } from "../../../src/domain/random.ts";
import { TcpFraming } from "../../../src/drivers/modbus/framing.ts";
import { isReplyTo, readRequest, refusalOf, writeRequest } from "../../../src/drivers/modbus/request.ts";
import type { Request } from "../../../src/drivers/modbus/request.ts";

const FRAMES = process.env["PUMA_SOAK"] === undefined ? 1_000_000 : 10_000_000;
/** The engine compiles and collects at its own time: only what grows after the first of them is the parser's. */
const WARM_UP_FRAMES = 100_000;
const GROWTH_BYTES_MAX = 20 * 1024 * 1024;
const REQUESTS: readonly Request[] = [
  readRequest(17, { table: "holding", address: 40, quantity: 3, tags: [] }),
  readRequest(17, { table: "coil", address: 5, quantity: 11, tags: [] }),
  writeRequest(17, { table: "holding", address: 40 }, [77], false),
  writeRequest(17, { table: "holding", address: 40 }, [1, 2], false),
];

/** The one right reply, header included, made by hand. */
function rightReply({ unit, functionCode, address, quantity }: Request): Buffer {
  const data = functionCode <= 2 ? Math.ceil(quantity / 8) : 2 * quantity;
  const isRead = functionCode <= 4;
  const pdu = isRead
    ? [functionCode, data, ...Array.from({ length: data }, (_, i) => i + 1)]
    : [functionCode, address >> 8, address & 255, quantity >> 8, quantity & 255];
  return Buffer.from([0, 9, 0, 0, 0, pdu.length + 1, unit, ...pdu]);
}

test(`of ${FRAMES} mutated frames none is taken that differs from the right reply in anything but its data`, () => {
  const random = mulberry32(20_261_128);
  const below = (n: number): number => Math.floor(random() * n);
  const replies = REQUESTS.map(rightReply);
  const frame = Buffer.alloc(300);
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  let request = REQUESTS[0]!;
  let right = replies[0]!;
  let [taken, refused, wrong] = [0, 0, 0];
  const isRight = (at: number, length: number): boolean => {
    const dataFrom = request.functionCode <= 4 ? 3 : length;
    if (length !== right.length - 6) return false;
    for (let i = 0; i < Math.min(dataFrom, length); i++) if (frame[at + i] !== right[6 + i]) return false;
    return true;
  };
  const framing = new TcpFraming((id, seen, at, length) => {
    if (seen.getUint16(at - 4) !== 0) wrong++;
    if (id !== 9) return;
    if (isReplyTo(request, seen, at, length)) {
      taken++;
      if (seen !== view || !isRight(at, length)) wrong++;
    } else if (refusalOf(request, seen, at, length) !== 0) {
      refused++;
      if (length !== 3 || seen.getUint8(at) !== 17 || seen.getUint8(at + 1) !== (request.functionCode | 0x80))
        wrong++;
    }
  });
  let before = 0;
  for (let i = 0; i < FRAMES; i++) {
    if (i === WARM_UP_FRAMES) before = process.memoryUsage().rss;
    const which = i % REQUESTS.length;
    request = REQUESTS[which]!;
    right = replies[which]!;
    const isRefusal = below(10) === 0;
    if (isRefusal) frame.set([0, 9, 0, 0, 0, 3, 17, request.functionCode | 0x80, 2]);
    else right.copy(frame);
    let length = isRefusal ? 9 : right.length;
    const at = below(length);
    const kind = below(7);
    if (kind === 0) length = at;
    else if (kind === 1) frame.copyWithin(at + 1, at, length++);
    else if (kind === 2) frame.copyWithin(at, at + 1, length--);
    else frame[at] = kind === 3 ? below(256) : (frame[at] ?? 0) ^ (1 << below(8));
    framing.push(frame, view, length);
    framing.reset();
  }
  expect(wrong).toBe(0);
  expect(taken).toBeGreaterThan(FRAMES / 100);
  expect(refused).toBeGreaterThan(0);
  expect(process.memoryUsage().rss - before).toBeLessThan(GROWTH_BYTES_MAX);
}, 600_000);
