import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** A Modbus peer made of a bare socket: it shares no code with the driver, so that one mistake cannot hide another. */
export interface Peer {
  readonly port: number;
  readonly sockets: ReadonlySet<Socket>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface Asked {
  /** 0 on serial lines. */
  readonly id: number;
  readonly unit: number;
  readonly functionCode: number;
  readonly address: number;
  readonly quantity: number;
}

export type Reply = (asked: Asked, socket: Socket) => void;

/** Serves Modbus TCP requests, each a frame of 12 bytes. */
export function tcpPeer(reply: Reply): Promise<Peer> {
  return listen(12, reply, (bytes) => ({ id: bytes.readUInt16BE(0), pdu: bytes.subarray(6) }));
}

/** Serves RTU frames over TCP, each a request of 8 bytes. */
export function rtuPeer(reply: Reply): Promise<Peer> {
  return listen(8, reply, (bytes) => ({ id: 0, pdu: bytes }));
}

async function listen(
  requestBytes: number,
  reply: Reply,
  open: (bytes: Buffer) => { id: number; pdu: Buffer },
): Promise<Peer> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    let held = Buffer.alloc(0);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (chunk) => {
      held = Buffer.concat([held, chunk]);
      for (; held.length >= requestBytes; held = held.subarray(requestBytes)) {
        const { id, pdu } = open(held);
        reply(
          {
            id,
            unit: pdu.readUInt8(0),
            functionCode: pdu.readUInt8(1),
            address: pdu.readUInt16BE(2),
            quantity: pdu.readUInt16BE(4),
          },
          socket,
        );
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Unit, function, byte count, data. */
export function dataReply({ unit, functionCode }: Asked, data: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([unit, functionCode, data.length]), data]);
}

export function refusal({ unit, functionCode }: Asked, code: number): Buffer {
  return Buffer.from([unit, functionCode | 0x80, code]);
}

/** Puts the MBAP header before unit and function. */
export function mbap(id: number, adu: Uint8Array): Buffer {
  const header = Buffer.alloc(6);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(adu.length, 4);
  return Buffer.concat([header, adu]);
}

/** Appends the checksum, worked out bit by bit as the specification shows it. */
export function withCrc(adu: Uint8Array): Buffer {
  let crc = 0xffff;
  for (const byte of adu) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc % 2 === 1 ? ((crc - 1) / 2) ^ 0xa001 : crc / 2;
  }
  return Buffer.concat([adu, Buffer.from([crc & 0xff, crc >> 8])]);
}

/** The right answer over TCP when every register holds its own address. */
export function honestTcp(asked: Asked): Buffer {
  return mbap(asked.id, honestAdu(asked));
}

/** The same on a serial line. */
export function honestRtu(asked: Asked): Buffer {
  return withCrc(honestAdu(asked));
}

function honestAdu(asked: Asked): Buffer {
  const isRead = asked.functionCode >= 1 && asked.functionCode <= 4;
  return isRead ? dataReply(asked, addressesAsData(asked)) : refusal(asked, 1);
}

/** The data of a read in which every register holds its own address, and every bit tells whether its address is odd. */
export function addressesAsData({ functionCode, address, quantity }: Asked): Buffer {
  if (functionCode >= 3) {
    const data = Buffer.alloc(quantity * 2);
    for (let i = 0; i < quantity; i++) data.writeUInt16BE((address + i) & 0xffff, i * 2);
    return data;
  }
  const data = Buffer.alloc(Math.ceil(quantity / 8));
  for (let i = 0; i < quantity; i++)
    if ((address + i) % 2 === 1) data[i >> 3] = (data[i >> 3] as number) | (1 << (i & 7));
  return data;
}
