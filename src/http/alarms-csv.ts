import type { AlarmEvent } from "../domain/alarm.ts";
import { qualityOf } from "../domain/status.ts";
import type { EpochMs } from "../domain/time.ts";
import { createZone } from "../domain/zone.ts";
import { textCell, valueCell } from "./history-csv.ts";
import { isoTime } from "./tag-object.ts";

/** Excel takes a file for UTF-8 only with this in front. */
const BYTE_ORDER_MARK = "\uFEFF";

const HEAD =
  "time_utc,time_local,sequence,alarm,priority,cause,from,to,value,limit,quality,by,reason,active_since_utc,first_out\r\n";

/** Lines that are made at once. */
const PIECE_ROWS = 1_000;

/** Transitions as CSV (RFC 4180), with everything that the figures of the operator's load are made of. */
export function* alarmsCsv(events: readonly AlarmEvent[], timeZone: string): Generator<string> {
  const zone = createZone(timeZone);
  yield BYTE_ORDER_MARK + HEAD;
  for (let row = 0; row < events.length; row += PIECE_ROWS)
    yield events
      .slice(row, row + PIECE_ROWS)
      .map((event) => lineOf(event, (time) => zone.toLocal(time)))
      .join("");
}

function lineOf(event: AlarmEvent, toLocal: (time: EpochMs) => number): string {
  const { at, sequence, alarm, priority, cause, from, to, value, limit, status, standing } = event;
  const { by, reason, activeSince, firstOut } = standing;
  const local = isoTime(toLocal(at)).slice(0, -1).replace("T", " ");
  const since = activeSince === null ? "" : isoTime(activeSince);
  const plain = [isoTime(at), local, sequence, textCell(alarm), priority, cause, from, to];
  const judged = [valueCell(value), valueCell(limit), qualityOf(status)];
  return `${[...plain, ...judged, textCell(by ?? ""), textCell(reason ?? ""), since, firstOut ?? ""].join(",")}\r\n`;
}
