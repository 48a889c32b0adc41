import { LogLevel, setDebugLogger, setErrorLogger, setLogLevel, setWarningLogger } from "node-opcua";
import type { Log } from "../../domain/ports.ts";

/** The library prints on standard output; here its notes become fields of our log. Errors that matter reach us as rejections,
 *  so what it prints on its own is kept for those who look for it. One log serves the whole process. */
export function routeLibraryNotes(log: Log): void {
  setLogLevel(LogLevel.Warning);
  const note = (_origin: unknown, ...words: readonly unknown[]): void =>
    log.debug({ note: words.map(String).join(" ").slice(0, 500) }, "note of the OPC UA library");
  setErrorLogger(note);
  setWarningLogger(note);
  setDebugLogger(note);
  // Of a status code that it does not know it tells the console, each time anew: a server could fill the system's log with it.
  // oxlint-disable-next-line no-console
  console.warn = (...words: readonly unknown[]): void => note(null, ...words);
}
