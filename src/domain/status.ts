/** OPC UA status codes: the one quality currency of the gateway, Modbus included.
 *  Codes: OPC 10000-4 (Services) table 177 and OPC 10000-8 (Data Access) table 12.
 *  Limit bits (low, high, constant) and the DataValue info type: OPC 10000-4 table 178. */
export type StatusCode = number;

const DATA_VALUE = 0x0400; // info type that makes the limit bits meaningful
const LIMIT_LOW = 0x0100;
const LIMIT_HIGH = 0x0200;
const LIMIT_CONSTANT = 0x0300;

export const Status = {
  Good: 0x00000000,
  /** Entered by a person in place of the instrument. */
  GoodLocalOverride: 0x00960000,
  /** No fresh answer for three periods; the value is the last one known. */
  UncertainStale: 0x40900000,
  /** Replaced by an estimate, for instance a total rebuilt from the rate. */
  UncertainSubstitute: 0x40910000,
  /** Current loop between the measuring range and the failure limits of NAMUR NE 43. */
  UncertainLoopLow: 0x40930000 + DATA_VALUE + LIMIT_LOW,
  UncertainLoopHigh: 0x40930000 + DATA_VALUE + LIMIT_HIGH,
  /** Bit-identical for longer than a noisy instrument can be. */
  UncertainStuck: 0x40930000 + DATA_VALUE + LIMIT_CONSTANT,
  /** Outside the engineering range by at most 2.5 % of span. */
  UncertainRangeLow: 0x40940000 + DATA_VALUE + LIMIT_LOW,
  UncertainRangeHigh: 0x40940000 + DATA_VALUE + LIMIT_HIGH,
  /** The device's clock is more than five minutes from ours; the time is ours. */
  UncertainClock: 0x420f0000,
  UncertainSimulated: 0x42090000,
  /** The device refused or the configuration is wrong for it (Modbus exceptions 01, 02, 03). */
  BadConfiguration: 0x80890000,
  BadNotConnected: 0x808a0000,
  /** The device answered that it failed (Modbus exception 04). */
  BadDeviceFailure: 0x808b0000,
  /** The instrument says it failed: wire break, NAMUR failure current, not a number. */
  BadSensorFailure: 0x808c0000,
  BadOutOfService: 0x808d0000,
  BadOutOfRange: 0x803c0000,
  /** No answer: time-out, lost link, open breaker. */
  BadNoCommunication: 0x80310000,
  /** Not read yet since the start. */
  BadWaitingForInitialData: 0x80320000,
  /** No answer for ten periods. */
  BadStale: 0x80ae0000,
  /** The device is busy (Modbus exceptions 05, 06). */
  BadBusy: 0x80040000,
} as const satisfies Record<string, StatusCode>;

export type Quality = "good" | "uncertain" | "bad";

const QUALITIES = ["good", "uncertain", "bad", "bad"] as const;

/** 0 good, 1 uncertain, 2 bad: the number written to InfluxDB. */
export function severity(status: StatusCode): 0 | 1 | 2 {
  const topBits = status >>> 30;
  return topBits > 2 ? 2 : (topBits as 0 | 1 | 2);
}

export function qualityOf(status: StatusCode): Quality {
  return QUALITIES[(status >>> 30) as 0 | 1 | 2 | 3];
}

export function isBad(status: StatusCode): boolean {
  return status >>> 31 === 1;
}

/** The short word that operators see beside a value that is not good. */
export type Reason =
  | "STALE"
  | "COMM"
  | "RANGE"
  | "NAMUR"
  | "STUCK"
  | "CLOCK"
  | "CONFIG"
  | "DEVICE"
  | "SENSOR"
  | "MAINT"
  | "MANUAL"
  | "SUBSTITUTED"
  | "SIMULATED"
  | "WAITING"
  | "BUSY"
  | "OTHER";

const REASONS: ReadonlyMap<StatusCode, Reason> = new Map<StatusCode, Reason>([
  [Status.GoodLocalOverride, "MANUAL"],
  [Status.UncertainStale, "STALE"],
  [Status.UncertainSubstitute, "SUBSTITUTED"],
  [Status.UncertainLoopLow, "NAMUR"],
  [Status.UncertainLoopHigh, "NAMUR"],
  [Status.UncertainStuck, "STUCK"],
  [Status.UncertainRangeLow, "RANGE"],
  [Status.UncertainRangeHigh, "RANGE"],
  [Status.UncertainClock, "CLOCK"],
  [Status.UncertainSimulated, "SIMULATED"],
  [Status.BadConfiguration, "CONFIG"],
  [Status.BadNotConnected, "COMM"],
  [Status.BadDeviceFailure, "DEVICE"],
  [Status.BadSensorFailure, "SENSOR"],
  [Status.BadOutOfService, "MAINT"],
  [Status.BadOutOfRange, "RANGE"],
  [Status.BadNoCommunication, "COMM"],
  [Status.BadWaitingForInitialData, "WAITING"],
  [Status.BadStale, "STALE"],
  [Status.BadBusy, "BUSY"],
]);

/** Why a reading is not plainly good; null when it is. Codes of a foreign server that have no word here are "OTHER". */
export function reasonOf(status: StatusCode): Reason | null {
  if (status === Status.Good) return null;
  return REASONS.get(status) ?? (severity(status) === 0 ? null : "OTHER");
}

/** The graver of two; on equal gravity the first. */
export function worse(a: StatusCode, b: StatusCode): StatusCode {
  return severity(b) > severity(a) ? b : a;
}
