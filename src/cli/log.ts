import { pino } from "pino";
import type { Log } from "../domain/ports.ts";

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One JSON object a line on standard error, so that standard output stays for what people asked to see. */
export function createLog(level: LogLevel): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ["password", "token", "*.password", "*.token"],
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
