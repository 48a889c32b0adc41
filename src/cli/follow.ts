import type { ConfigurationCause, ConfigurationDesk } from "../domain/configuration.ts";
import type { Log } from "../domain/ports.ts";
import { systemClock } from "../domain/system-clock.ts";
import { watchFiles } from "../gateway/configuration/watch.ts";

/** Has the gateway read its files again at SIGHUP and whenever one of them changes. A profile or text that is new in the plant
 *  file is watched from then on. */
export function follow(desk: ConfigurationDesk, log: Log): { close(): void } {
  let watching = { close: (): void => undefined };

  function reload(cause: ConfigurationCause): void {
    const change = { cause, by: "gateway", address: null, reason: null };
    void desk.reload(change).then(({ state }) => {
      if (state === "unchanged" && cause === "signal")
        log.info({}, "the files of the plant are as they were");
      if (state === "accepted") watch();
    });
  }

  function watch(): void {
    watching.close();
    watching = watchFiles(desk.paths(), systemClock, log, () => reload("file"));
  }

  const onSignal = (): void => reload("signal");
  process.on("SIGHUP", onSignal);
  watch();
  return {
    close() {
      process.off("SIGHUP", onSignal);
      watching.close();
    },
  };
}
