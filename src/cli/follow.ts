import type { ConfigurationCause } from "../domain/configuration.ts";
import type { Log } from "../domain/ports.ts";
import { systemClock } from "../domain/system-clock.ts";
import { watchFiles } from "../gateway/configuration/watch.ts";
import type { Origin } from "../gateway/gateway-options.ts";
import type { Gateway } from "../gateway/gateway.ts";

/** Has the gateway read its files again at SIGHUP and whenever one of them changes. A profile or text that is new in the plant
 *  file is watched from then on. */
export function follow({ view }: Gateway, { started }: Origin, log: Log): { close(): void } {
  const desk = view.configurations;
  let paths = started.sources.map(({ path }) => path);
  let watching = { close: (): void => undefined };

  function reload(cause: ConfigurationCause): void {
    const change = { cause, by: "gateway", address: null, reason: null };
    const outcome = desk?.reload(change) ?? Promise.resolve({ state: "unchanged" as const });
    void outcome.then((done) => {
      if (done.state === "unchanged" && cause === "signal")
        log.info({}, "the files of the plant are as they were");
      if (done.state !== "accepted") return;
      paths = (desk?.files(done.version.number) ?? []).map(({ path }) => path);
      watch();
    });
  }

  function watch(): void {
    watching.close();
    watching = watchFiles(paths, systemClock, log, () => reload("file"));
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
