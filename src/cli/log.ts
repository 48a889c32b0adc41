import { pino } from "pino";
import type { Log } from "../domain/ports.ts";

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Lines that are kept for a report. */
const TAIL_MAX = 200;

export interface RunLog extends Log {
  /** The last lines, oldest first. */
  tail(): readonly string[];
}

/** One JSON object a line on standard error, so that standard output stays for what people asked to see. */
export function createLog(level: LogLevel): RunLog {
  const tail: string[] = [];
  const destination = pino.destination({ dest: 2, sync: true });
  const stream = {
    write(line: string): void {
      if (tail.push(line.trimEnd()) > TAIL_MAX) tail.shift();
      destination.write(line);
    },
  };
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ["password", "token", "*.password", "*.token"],
    },
    stream,
  );
  return Object.assign(log, { tail: () => tail });
}
