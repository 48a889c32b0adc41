import type { Duplex } from "node:stream";

/** Cuts a client off as soon as the header of one of its packets announces more than `bytesMax`, before the packet is
 *  gathered in memory. Only follows the lengths; reading stays with whoever reads the stream. */
export function boundPackets(stream: Duplex, bytesMax: number): void {
  const measure = createPacketMeasure();
  stream.on("data", (chunk: Buffer) => {
    if (measure(chunk) > bytesMax)
      stream.destroy(new Error(`A packet of more than ${bytesMax} bytes was announced.`));
  });
}

/** Follows MQTT packets through a stream of bytes. Each call gives the largest length that a header in it announced;
 *  Infinity for a length that is no MQTT. */
export function createPacketMeasure(): (chunk: Uint8Array) => number {
  let toSkip = 0;
  let lengthBytes = -1; // −1: the next byte is the type of a packet
  let length = 0;
  return (chunk) => {
    let largest = 0;
    let at = 0;
    while (at < chunk.length) {
      if (toSkip > 0) {
        const step = Math.min(toSkip, chunk.length - at);
        toSkip -= step;
        at += step;
        continue;
      }
      const byte = chunk[at++] as number;
      if (lengthBytes < 0) {
        lengthBytes = 0;
        length = 0;
        continue;
      }
      length += (byte & 0x7f) * 128 ** lengthBytes++;
      if (byte >= 0x80 && lengthBytes < 4) continue;
      if (byte >= 0x80) return Infinity;
      largest = Math.max(largest, length);
      toSkip = length;
      lengthBytes = -1;
    }
    return largest;
  };
}

interface Publication {
  readonly topic: string;
  readonly retain: boolean;
  readonly payload: string | Buffer;
}

/** Says no to a retained message on a new topic when `topicsMax` topics hold one already, which ends that client's
 *  connection. An empty retained message frees its topic. */
export function createRetainedBound(
  topicsMax: number,
): (client: unknown, packet: Publication, answer: (error?: Error | null) => void) => void {
  const topics = new Set<string>();
  return (_client, { topic, retain, payload }, answer) => {
    if (topic.startsWith("$SYS/")) return answer(new Error("Topics under $SYS belong to the broker."));
    if (!retain) return answer(null);
    if (payload.length === 0) topics.delete(topic);
    else if (topics.size < topicsMax || topics.has(topic)) topics.add(topic);
    else return answer(new Error(`No more than ${topicsMax} topics can hold a retained message.`));
    return answer(null);
  };
}
