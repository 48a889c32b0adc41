import { say } from "../../domain/said.ts";
import type { Said } from "../../domain/said.ts";
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

const SENTENCE_BY_EXCEPTION = new Map([
  [Exception.illegalFunction, "modbus-function"],
  [Exception.illegalAddress, "modbus-address"],
  [Exception.illegalValue, "modbus-value"],
  [Exception.deviceFailure, "modbus-failure"],
  [Exception.acknowledge, "modbus-busy"],
  [Exception.busy, "modbus-busy"],
  [Exception.gatewayPathUnavailable, "modbus-no-way"],
  [Exception.gatewayTargetSilent, "modbus-silent"],
] as const) as ReadonlyMap<
  number,
  `modbus-${"function" | "address" | "value" | "failure" | "busy" | "no-way" | "silent"}`
>;

/** What a refusal says to a person who wanted something. */
export function refusalSentence(code: number): Said {
  return say(SENTENCE_BY_EXCEPTION.get(code) ?? "modbus-refused", { code });
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
const REASON_BY_CODE = {
  ECONNREFUSED: say("nothing-listens"),
  ECONNRESET: say("closed-by-device"),
  EPIPE: say("closed-by-device"),
  ETIMEDOUT: say("no-answer-in-time"),
  EHOSTUNREACH: say("no-way-to-host"),
  ENETUNREACH: say("no-way-to-network"),
  ENOTFOUND: say("host-unknown"),
  EAI_AGAIN: say("host-not-looked-up"),
  ENOENT: say("no-port"),
  EACCES: say("port-not-allowed"),
  ENOTCONN: say("not-connected"),
} as Readonly<Record<string, Said>>;

/** Any error of a socket, a serial port or modbus-serial as the loss of this connection. Some of them are no `Error`s. */
export function connectionLost(connection: string, cause: unknown): ConnectionLost {
  return new ConnectionLost(say("lost", { where: connection, why: reasonOf(cause) }), { cause });
}

/** Instead of a cause: there has been no connection yet, or not since. */
export const NOT_CONNECTED = { code: "ENOTCONN" } as const;

function reasonOf(cause: unknown): Said | string {
  if (typeof cause === "string") return cause;
  if (typeof cause !== "object" || cause === null) return say("connection-closed");
  const code = "code" in cause ? cause.code : "errno" in cause ? cause.errno : undefined;
  const reason = typeof code === "string" ? REASON_BY_CODE[code] : undefined;
  if (reason !== undefined) return reason;
  return "message" in cause && typeof cause.message === "string" ? cause.message : say("connection-closed");
}
