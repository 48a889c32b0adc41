/** Just enough of MQTT 3.1.1 for the bench's own sinks and yardstick. */
export const packetType = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  subscribe: 8,
  suback: 9,
  pingreq: 12,
} as const;

export interface MqttPacket {
  type: number;
  qos: number;
  /** Where the variable header starts, behind the remaining length. */
  bodyStart: number;
  /** First byte behind the packet. */
  end: number;
}

/** Cuts a stream of bytes into packets. */
export class MqttSplitter {
  private rest: Buffer = Buffer.alloc(0);
  /** One object for all packets: the listener must not keep it. */
  private readonly packet: MqttPacket = { type: 0, qos: 0, bodyStart: 0, end: 0 };

  split(chunk: Buffer, listener: (bytes: Buffer, packet: MqttPacket) => void): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let at = 0;
    while (this.readHeader(bytes, at)) {
      listener(bytes, this.packet);
      at = this.packet.end;
    }
    this.rest = bytes.subarray(at);
  }

  /** False when the packet at `at` is not complete yet. */
  private readHeader(bytes: Buffer, at: number): boolean {
    let length = 0;
    let shift = 0;
    let next = at + 1;
    for (;;) {
      const byte = bytes[next++];
      if (byte === undefined) return false;
      length |= (byte & 0x7f) << shift;
      shift += 7;
      if (byte < 0x80) break;
    }
    if (next + length > bytes.length) return false;
    const first = bytes[at] ?? 0;
    this.packet.type = first >> 4;
    this.packet.qos = (first >> 1) & 3;
    this.packet.bodyStart = next;
    this.packet.end = next + length;
    return true;
  }
}

/** Clean session, no will, no keep-alive. */
export function connectFrame(clientId: string): Buffer {
  const body = [0, 4, ...Buffer.from("MQTT"), 4, 2, 0, 0, 0, clientId.length, ...Buffer.from(clientId)];
  return Buffer.from([0x10, body.length, ...body]);
}

/** QoS 0. */
export function subscribeFrame(filter: string): Buffer {
  const body = [0, 1, 0, filter.length, ...Buffer.from(filter), 0];
  return Buffer.from([0x82, body.length, ...body]);
}
