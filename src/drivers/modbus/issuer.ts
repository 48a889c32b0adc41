import { EventEmitter } from "node:events";
import modbusSerial from "modbus-serial";
import { crc16 } from "./crc.ts";
import { exceptionCodeOf } from "./faults.ts";
import { FunctionCode, isWrite, REFUSAL_BYTES } from "./request.ts";
import type { Request } from "./request.ts";

/** modbus-serial with our transport below it: it puts requests into frames and interprets refusals. Replies that bring data
 *  pass it by, because it would copy every register into an array and check a checksum that TCP does not have. */
export class Issuer {
  readonly #port: Port;
  readonly #client: InstanceType<typeof modbusSerial.default>;
  readonly #settled: (error: unknown) => void;
  #error: unknown = null;

  /** `send` gets each request as an RTU frame, checksum included, during `issue`. */
  constructor(send: (frame: Buffer) => void) {
    this.#port = new Port(send);
    this.#client = new modbusSerial.default(this.#port);
    this.#settled = (error) => (this.#error = error);
    this.#client.open();
  }

  /** `slot` tells requests apart that wait at the same time. */
  issue(slot: number, request: Request): void {
    this.#port._transactionIdWrite = slot;
    this.#error = null;
    if (isWrite(request)) this.#issueWrite(request);
    else this.#issueRead(request);
    if (this.#error !== null) throw new Error("modbus-serial refused a request", { cause: this.#error });
  }

  #issueRead({ unit, functionCode, address, quantity }: Request): void {
    const client = this.#client;
    if (functionCode === FunctionCode.coil) client.writeFC1(unit, address, quantity, this.#settled);
    else if (functionCode === FunctionCode.discrete) client.writeFC2(unit, address, quantity, this.#settled);
    else if (functionCode === FunctionCode.holding) client.writeFC3(unit, address, quantity, this.#settled);
    else if (functionCode === FunctionCode.input) client.writeFC4(unit, address, quantity, this.#settled);
    else {
      const words = [address >>> 8, address & 0xff, quantity >>> 8, quantity & 0xff];
      client.writeCustomFC(unit, functionCode, words, this.#settled);
    }
  }

  #issueWrite({ unit, functionCode, address, quantity, data = [] }: Request): void {
    const client = this.#client;
    const bits = data.map((bit) => bit !== 0);
    if (functionCode === FunctionCode.writeCoil)
      client.writeFC5(unit, address, quantity !== 0, this.#settled);
    else if (functionCode === FunctionCode.writeCoils) client.writeFC15(unit, address, bits, this.#settled);
    else if (functionCode === FunctionCode.writeRegister)
      client.writeFC6(unit, address, quantity, this.#settled);
    else client.writeFC16(unit, address, [...data], this.#settled);
  }

  /** The exception code of a refusal of the request in `slot`: three bytes of `view` from `at` on. */
  interpretRefusal(slot: number, view: DataView, at: number): number | null {
    const frame = Buffer.alloc(REFUSAL_BYTES + 2);
    for (let i = 0; i < REFUSAL_BYTES; i++) frame[i] = view.getUint8(at + i);
    frame.writeUInt16LE(crc16(frame, 0, REFUSAL_BYTES), REFUSAL_BYTES);
    this.#port._transactionIdRead = slot;
    this.#error = null;
    this.#port.emit("data", frame);
    return exceptionCodeOf(this.#error);
  }
}

/** The port that modbus-serial wants. Opening and closing are the transport's, so here they only answer. */
class Port extends EventEmitter {
  readonly isOpen = true;
  /** Names that modbus-serial reads: the request being written, and the one that the next "data" answers. */
  _transactionIdWrite = 0;
  _transactionIdRead = 0;
  readonly write: (frame: Buffer) => void;

  constructor(write: (frame: Buffer) => void) {
    super();
    this.write = write;
  }

  open(callback: (error: Error | null) => void): void {
    callback(null);
  }

  close(callback: (error: Error | null) => void): void {
    callback(null);
  }
}
