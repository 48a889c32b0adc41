import { whenAborted } from "../../domain/aborted.ts";
import { say } from "../../domain/said.ts";
import { ConnectionLost } from "../../domain/errors.ts";
import type { Wire } from "./wire.ts";

/** Resolves when what `begin` starts on a wire calls `done`. Rejects, and destroys the wire, when that calls `fail`, when
 *  the wire closes, and when `signal` is aborted. */
export function onWire<T>(
  wire: Wire,
  signal: AbortSignal,
  begin: (done: (result: T) => void, fail: (error: Error) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let forget = (): void => undefined; // nothing yet, for a wire or a signal that is over already
    const settle = (): void => {
      wire.off("close", closed);
      forget();
    };
    const fail = (error: Error): void => {
      settle();
      wire.destroy();
      reject(error);
    };
    const closed = (): void => fail(lossOf(wire));
    const aborted = (): void => fail(signal.reason as Error);
    if (signal.aborted) return aborted();
    if (wire.destroyed) return closed();
    wire.once("close", closed);
    forget = whenAborted(signal, aborted);
    begin((result) => {
      settle();
      resolve(result);
    }, fail);
  });
}

/** Why a wire is closed. */
export function lossOf(wire: Wire): ConnectionLost {
  const cause = wire.fault ?? wire.errored ?? undefined;
  const said = cause === undefined ? say("broker-closed") : say("broker-failed", { why: cause.message });
  return new ConnectionLost(said, { cause });
}
