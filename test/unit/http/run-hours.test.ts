import { describe, expect, it } from "vitest";
import { Status } from "../../../src/domain/status.ts";
import { runHours } from "../../../src/http/run-hours.ts";
import { memoryHistory } from "../../support/metric-bench.ts";
import { tagOf } from "../../support/tags.ts";
import type { Row } from "../../support/history.ts";

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 22, 12);
const tag = tagOf(0, { type: "bool", unit: null, range: null, maxSilenceMs: HOUR });

function hoursOf(rows: readonly Row[]) {
  const history = memoryHistory();
  history.add(0, rows);
  return runHours(history, tag, { from: START, to: START + 8 * HOUR });
}

const at = (hours: number, value: number, status: number = Status.Good): Row => ({
  time: START + hours * HOUR,
  value,
  status,
});

describe("run hours", () => {
  it("count from the last reading before the time, and the last reading holds to its end", async () => {
    const rows = [at(-0.5, 1), at(1, 1), at(2, 0), at(3.5, 0), at(5, 1), at(6.5, 1), at(7.5, 1)];
    expect(await hoursOf(rows)).toEqual({ ran: 5, known: 8 });
  });

  it("of what nobody has read are not known: before the first reading, while it is bad, and after a long silence", async () => {
    expect(await hoursOf([at(1, 1), at(2, NaN, Status.BadNoCommunication), at(4, 1)])).toEqual({
      ran: 3,
      known: 3,
    });
  });

  it("are none without any reading", async () => {
    expect(await hoursOf([])).toEqual({ ran: 0, known: 0 });
  });
});
