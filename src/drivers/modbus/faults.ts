import { ConnectionLost } from "../../domain/errors.ts";
import { Status } from "../../domain/status.ts";
import type { StatusCode } from "../../domain/status.ts";

/** The one place that knows how modbus-serial, serialport and node:net speak of trouble. */

/** Modbus Application Protocol V1.1b3, 7. */
export const Exception = {
  illegalFunction: 1,
  illegalAddress: 2,
  illegalValue: 3,
  deviceFailure: 4,
  acknowledge: 5,
  busy: 6,
  gatewayPathUnavailable: 10,
  gatewayTargetSilent: 11,
} as const;

const STATUS_BY_EXCEPTION: ReadonlyMap<number, StatusCode> = new Map<number, StatusCode>([
  [Exception.illegalFunction, Status.BadConfiguration],
  [Exception.illegalAddress, Status.BadConfiguration],
  [Exception.illegalValue, Status.BadConfiguration],
  [Exception.deviceFailure, Status.BadDeviceFailure],
  [Exception.acknowledge, Status.BadBusy],
  [Exception.busy, Status.BadBusy],
  [Exception.gatewayPathUnavailable, Status.BadNoCommunication],
  [Exception.gatewayTargetSilent, Status.BadNoCommunication],
]);

/** What a refusal makes of the tags that were asked for. Codes without a meaning of their own are failures of the device. */
export function statusOfException(code: number): StatusCode {
  return STATUS_BY_EXCEPTION.get(code) ?? Status.BadDeviceFailure;
}

const SENTENCE_BY_EXCEPTION: Readonly<Record<number, string>> = {
  [Exception.illegalFunction]: "the device knows no such function",
  [Exception.illegalAddress]: "the device has no such address, or lets nobody write there",
  [Exception.illegalValue]: "the device does not take this value",
  [Exception.deviceFailure]: "the device failed at it",
  [Exception.acknowledge]: "the device is busy",
  [Exception.busy]: "the device is busy",
  [Exception.gatewayPathUnavailable]: "there is no way to the device",
  [Exception.gatewayTargetSilent]: "the device is silent",
};

/** What a refusal says to a person who wanted something. */
export function refusalSentence(code: number): string {
  return `${SENTENCE_BY_EXCEPTION[code] ?? "the device refuses"} (Modbus exception ${code})`;
}

/** The device asks for patience: the same request may succeed a moment later. */
export function isBusy(code: number): boolean {
  return code === Exception.acknowledge || code === Exception.busy;
}

/** A gateway on the way answered for a device that did not. */
export function isUnanswered(code: number): boolean {
  return code === Exception.gatewayPathUnavailable || code === Exception.gatewayTargetSilent;
}

/** The refusal may be due to one address of the read and not to the whole. */
export function isAddressSpecific(code: number): boolean {
  return (
    code === Exception.illegalAddress || code === Exception.illegalValue || code === Exception.deviceFailure
  );
}

/** The exception code in an error of modbus-serial; null when it is no exception of the device. */
export function exceptionCodeOf(error: unknown): number | null {
  if (typeof error !== "object" || error === null || !("modbusCode" in error)) return null;
  return typeof error.modbusCode === "number" ? error.modbusCode : null;
}

/** Sentences for people who stand before the cabinet, by the code of node:net or of the operating system. */
const REASON_BY_CODE: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "the device closed the connection",
  EPIPE: "the device closed the connection",
  ETIMEDOUT: "nothing answered in time",
  EHOSTUNREACH: "there is no way to the host",
  ENETUNREACH: "there is no way to the network",
  ENOTFOUND: "the host name is unknown",
  EAI_AGAIN: "the host name could not be looked up",
  ENOENT: "there is no such port",
  EACCES: "the port may not be opened",
};

/** Any error of a socket, a serial port or modbus-serial as the loss of this connection. Some of them are no `Error`s. */
export function connectionLost(connection: string, cause: unknown): ConnectionLost {
  return new ConnectionLost(`${connection}: ${reasonOf(cause)}`, { cause });
}

function reasonOf(cause: unknown): string {
  if (typeof cause === "string") return cause;
  if (typeof cause !== "object" || cause === null) return "the connection closed";
  const code = "code" in cause ? cause.code : "errno" in cause ? cause.errno : undefined;
  const reason = typeof code === "string" ? REASON_BY_CODE[code] : undefined;
  if (reason !== undefined) return reason;
  return "message" in cause && typeof cause.message === "string" ? cause.message : "the connection closed";
}
