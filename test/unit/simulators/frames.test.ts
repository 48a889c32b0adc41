import { describe, expect, test } from "vitest";
import { crc16, mbapFrame, parseMbap, parseRtu, rtuFrame } from "../../../simulators/codec/frames.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

describe("frames", () => {
  test.each([
    ["02 07", 0x1241],
    ["11 03 00 6b 00 03", 0x8776],
    ["01 03 00 00 00 0a", 0xcdc5],
    ["01 04 02 ff ff", 0x80b8],
    ["", 0xffff],
  ])("CRC of %s is %d, low byte first on the line [MODBUS over Serial Line V1.02, 6.2.2]", (text, crc) => {
    expect(crc16(hex(text))).toBe(crc);
  });

  test("an RTU answer carries unit, PDU and checksum", () => {
    expect(rtuFrame(1, hex("04 02 ff ff")).toString("hex")).toBe("010402ffffb880");
  });

  test("an MBAP answer repeats the transaction id and counts unit and PDU", () => {
    expect(mbapFrame(0x1234, 7, hex("03 02 00 01")).toString("hex")).toBe("1234000000050703020001");
  });

  test("an MBAP request is found once all of it is there", () => {
    const frame = hex("00 01 00 00 00 06 11 03 00 6b 00 03");
    for (let length = 0; length < frame.length; length++)
      expect(parseMbap(frame.subarray(0, length), 0).kind).toBe("incomplete");
    const parsed = parseMbap(frame, 0);
    expect(parsed).toMatchObject({ kind: "request", bytes: 12, request: { transaction: 1, unit: 0x11 } });
  });

  test.each([
    ["00 01 00 07 00 06 11 03 00 6b 00 03", "ignored"],
    ["00 01 00 00 00 01 11 03 00 6b 00 03", "broken"],
    ["00 01 00 00 ff ff 11 03 00 6b 00 03", "broken"],
  ])("MBAP %s is %s", (text, kind) => {
    expect(parseMbap(hex(text), 0).kind).toBe(kind);
  });

  test("an RTU request of unknown function is found by the silence behind it", () => {
    const frame = rtuFrame(5, hex("2b 0e 01 00"));
    expect(parseRtu(frame, 0, false).kind).toBe("incomplete");
    expect(parseRtu(frame, 0, true)).toMatchObject({ kind: "request", request: { unit: 5 } });
  });

  test("an RTU write request is as long as its byte count says", () => {
    const frame = rtuFrame(5, hex("10 00 01 00 01 02 00 0a"));
    expect(parseRtu(frame, 0, false)).toMatchObject({ kind: "request", bytes: frame.length });
  });
});
