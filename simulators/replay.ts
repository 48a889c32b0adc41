import { parseFrameLine } from "../src/domain/frames.ts";
import type { FrameLine } from "../src/domain/frames.ts";
import type { Clock } from "../src/domain/time.ts";
import { mbapFrame, rtuFrame } from "./codec/frames.ts";
import { createTcpListener, mbapReader } from "./servers/modbus-tcp.ts";
import { rtuReader } from "./servers/modbus-rtu.ts";
import { exceptionPdu, MODBUS_EXCEPTION } from "./servers/modbus-unit.ts";
import { zeroLineCounters } from "./servers/modbus-line.ts";
import type { ModbusLine } from "./servers/modbus-line.ts";

/** An answer of a device in a recording; no bytes where it was silent. */
interface Answer {
  readonly pdu: Buffer | null;
  readonly delayMs: number;
}

const SILENCE: Answer = { pdu: null, delayMs: 0 };

/** What was answered to each request, by unit and bytes, in the order of the recording. */
export type Recording = ReadonlyMap<string, readonly Answer[]>;

/** No answer is awaited for longer, ms. */
const DELAY_MS_MAX = 5_000;

export function readRecording(text: string): Recording {
  const answers = new Map<string, Answer[]>();
  /** Requests that wait for their answers, by unit and bytes: one that is sent again was not answered before. */
  const open = new Map<string, FrameLine>();
  const take = (key: string, answer: Answer): void => {
    open.delete(key);
    const known = answers.get(key);
    if (known === undefined) answers.set(key, [answer]);
    else known.push(answer);
  };
  const ask = (line: FrameLine): void => {
    const key = keyOf(line.unit, line.pdu);
    if (open.has(key)) take(key, SILENCE);
    open.set(key, line);
  };
  const answer = (line: FrameLine): void => {
    const [key, asked] = [...open].find(([, one]) => answersTo(one, line)) ?? [];
    if (key === undefined || asked === undefined) return;
    const delayMs = Math.min(Math.max(line.time - asked.time, 0), DELAY_MS_MAX);
    take(key, { pdu: Buffer.from(line.pdu, "hex"), delayMs });
  };
  for (const row of text.split("\n")) {
    const line = parseFrameLine(row);
    if (line?.direction === ">") ask(line);
    else if (line?.direction === "<") answer(line);
  }
  for (const key of open.keys()) take(key, SILENCE);
  return answers;
}

function keyOf(unit: number, pdu: string): string {
  return `${unit} ${pdu}`;
}

/** Same unit and function, refused, or of the length that was asked for. */
function answersTo(asked: FrameLine, answer: FrameLine): boolean {
  const [request, reply] = [Buffer.from(asked.pdu, "hex"), Buffer.from(answer.pdu, "hex")];
  const [code = 0, replied = 0] = [request[0], reply[0]];
  if (asked.unit !== answer.unit || (replied & 0x7f) !== code || request.length < 5) return false;
  if (replied !== code || code > 4) return true;
  const quantity = request.readUInt16BE(3);
  return reply[1] === (code <= 2 ? Math.ceil(quantity / 8) : 2 * quantity);
}

export interface Replay {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves a recording as Modbus TCP, or as RTU frames over TCP. The same request is answered as in the recording, each time by the
 *  next answer, and after the last from the first again; one that was never recorded is refused. */
export async function startReplay(
  recording: Recording,
  { port, isRtu, clock }: { readonly port: number; readonly isRtu: boolean; readonly clock: Clock },
): Promise<Replay> {
  const turns = new Map<string, number>();
  const line: ModbusLine = {
    framing: isRtu ? "rtu" : "mbap",
    counters: zeroLineCounters(),
    linkFaults: new Set(),
    exceptionFaults: new Set(),
    receive({ transaction, unit, pdu }, send) {
      line.counters.requests++;
      const key = keyOf(unit, pdu.toString("hex").toUpperCase());
      const answers = recording.get(key) ?? [];
      const turn = turns.get(key) ?? 0;
      turns.set(key, turn + 1);
      const unknown = { pdu: exceptionPdu(pdu[0] ?? 0, MODBUS_EXCEPTION.illegalDataAddress), delayMs: 0 };
      const answer = answers[turn % Math.max(answers.length, 1)] ?? unknown;
      if (answer.pdu === null) return;
      const frame = isRtu ? rtuFrame(unit, answer.pdu) : mbapFrame(transaction, unit, answer.pdu);
      line.counters.replies++;
      clock.schedule(answer.delayMs, () => send(frame));
    },
  };
  const listener = createTcpListener(line, "127.0.0.1", port, isRtu ? rtuReader(clock) : mbapReader);
  await listener.open();
  return { port: listener.port, close: () => listener.close() };
}
