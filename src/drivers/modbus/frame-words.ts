import { FunctionCode, isEchoed, REFUSAL_BIT } from "./request.ts";
import { refusalSentence } from "./faults.ts";

const NAMES: Readonly<Record<number, string>> = {
  [FunctionCode.coil]: "read coils",
  [FunctionCode.discrete]: "read discrete inputs",
  [FunctionCode.holding]: "read holding registers",
  [FunctionCode.input]: "read input registers",
  [FunctionCode.writeCoil]: "write coil",
  [FunctionCode.writeRegister]: "write register",
  [FunctionCode.diagnostics]: "echo",
  [FunctionCode.writeCoils]: "write coils",
  [FunctionCode.writeRegisters]: "write registers",
};

/** Of these the second word is a value, of others a quantity. */
const OF_ONE: ReadonlySet<number> = new Set([
  FunctionCode.writeCoil,
  FunctionCode.writeRegister,
  FunctionCode.diagnostics,
]);

/** What a protocol data unit says, in a few words. Modbus Application Protocol V1.1b3, 6. */
export function frameWords(direction: ">" | "<", pdu: Uint8Array): string {
  const code = pdu[0] ?? 0;
  if ((code & REFUSAL_BIT) !== 0) return `refused: ${refusalSentence(pdu[1] ?? 0).sentence}`;
  const name = NAMES[code] ?? `function ${code}`;
  if (direction === "<" && !isEchoed(code)) return `${name}: ${pdu[1] ?? 0} bytes`;
  const [address, second] = [wordAt(pdu, 1), wordAt(pdu, 3)];
  return OF_ONE.has(code)
    ? `${name} ${address} = ${second}`
    : `${name} ${address}…${address + Math.max(second, 1) - 1}`;
}

function wordAt(pdu: Uint8Array, at: number): number {
  return ((pdu[at] ?? 0) << 8) | (pdu[at + 1] ?? 0);
}
