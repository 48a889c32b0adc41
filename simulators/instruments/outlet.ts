import type { StatusCode } from "../../src/domain/status.ts";
import type { Tag } from "../../src/domain/tag.ts";
import type { EpochMs } from "../../src/domain/time.ts";
import { engineeringOf, rawOf } from "../codec/raw.ts";
import type { RawValue } from "../codec/raw.ts";
import type { ValueSource } from "./value-source.ts";
import type { WireRecord } from "./wire-record.ts";

/** What goes wrong between an instrument and the wire. Each part is left alone where it is absent. */
export interface ValueFault {
  readonly raw?: (time: EpochMs) => RawValue;
  readonly sourceTime?: (time: EpochMs) => EpochMs;
  readonly status?: StatusCode;
}

export interface Shown {
  readonly raw: RawValue;
  readonly sourceTime: EpochMs;
  readonly status: StatusCode;
}

/** Where the servers take their values from: source, faults and register format in one, and the record of what was taken. */
export interface Outlet {
  /** The raw value of a Modbus tag, recorded as sent. */
  take(tag: Tag, time: EpochMs): RawValue;
  /** The same with time and status, for OPC UA. */
  show(tag: Tag, time: EpochMs): Shown;
  /** The same without a record: what the instrument would show. */
  peek(tag: Tag, time: EpochMs): Shown;
  /** The raw value as if there were no faults. */
  healthy(tag: Tag, time: EpochMs): RawValue;
  /** Whether a client may write this tag. */
  takes(tag: Tag): boolean;
  /** Hands a written raw value on to what stands behind the instrument; false for one that it does not want. */
  write(tag: Tag, raw: RawValue, time: EpochMs): boolean;
  /** Values are the same within one step of this many ms. */
  readonly refreshMs: number;
  /** Start of the step that `now` lies in. */
  step(now: EpochMs): EpochMs;
  /** Goes up when a fault comes or goes: whoever keeps values must ask again. */
  readonly version: number;
  addFault(tag: Tag, fault: ValueFault): () => void;
}

export function createOutlet(source: ValueSource, record: WireRecord, refreshMs: number): Outlet {
  const faults = new Map<number, ValueFault[]>();
  let version = 0;

  function healthy(tag: Tag, time: EpochMs): RawValue {
    return rawOf(tag, source.valueAt(tag, time));
  }

  function shown(tag: Tag, time: EpochMs): Shown {
    const all = faults.get(tag.index) ?? [];
    const raw = all.findLast((fault) => fault.raw !== undefined)?.raw?.(time) ?? healthy(tag, time);
    const sourceTime = all.reduce((stamp, fault) => fault.sourceTime?.(stamp) ?? stamp, time);
    const status = all.findLast((fault) => fault.status !== undefined)?.status ?? 0;
    return { raw, sourceTime, status };
  }

  return {
    refreshMs,
    get version() {
      return version;
    },
    step: (now) => Math.floor(now / refreshMs) * refreshMs,
    take(tag, time) {
      const raw = faults.size > 0 ? shown(tag, time).raw : healthy(tag, time);
      record.push(tag, engineeringOf(tag, raw), time, 0);
      return raw;
    },
    show(tag, time) {
      const result = shown(tag, time);
      record.push(tag, engineeringOf(tag, result.raw), result.sourceTime, result.status);
      return result;
    },
    healthy,
    peek: shown,
    takes: (tag) => source.takes?.(tag) ?? false,
    write(tag, raw, time) {
      const isTaken = source.write?.(tag, engineeringOf(tag, raw), time) ?? false;
      version++;
      return isTaken;
    },
    addFault(tag, fault) {
      faults.set(tag.index, [...(faults.get(tag.index) ?? []), fault]);
      version++;
      return () => {
        const rest = (faults.get(tag.index) ?? []).filter((other) => other !== fault);
        if (rest.length > 0) faults.set(tag.index, rest);
        else faults.delete(tag.index);
        version++;
      };
    },
  };
}
