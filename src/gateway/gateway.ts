import type { Plant } from "../config/plant.ts";
import type { ConfigurationDesk } from "../domain/configuration.ts";
import type { ListenerCertificate } from "../domain/certificate.ts";
import type { EpochMs } from "../domain/time.ts";
import type { GatewayView } from "../http/view.ts";
import { PASSWORD_COST } from "../security/passwords.ts";
import type { Historian } from "../store/historian/historian.ts";
import type { Journal } from "../store/journal/journal.ts";
import { createConfigurationDesk } from "./configuration/desk.ts";
import { createField } from "./field.ts";
import type { GatewayOptions } from "./gateway-options.ts";
import { openPageListener, startOwnBroker } from "./listeners.ts";
import { watchLoopDelay } from "./loop-delay.ts";
import { createAuditor, openPeople } from "./people/people.ts";
import { openPlantJournal, openPlantVersions } from "./stores.ts";
import { startWorks } from "./works.ts";
import { createRateLimits } from "./writes/rate-limits.ts";

export interface Gateway {
  readonly httpUrl: string;
  readonly view: GatewayView;
  /** By which the page is served; null where that is plain HTTP. */
  readonly certificate: ListenerCertificate | null;
  /** Where the first account is made, once and within an hour; null when there is one, and without accounts. */
  readonly setUpUrl: string | null;
  /** For whoever has readings of the past to add. */
  readonly historian: Pick<Historian, "append" | "sync">;
  /** Readings of the past have been added: figures are computed again from there on. */
  reopen(from: EpochMs): void;
  /** Rejects when a part of the gateway dies of a bug; never resolves otherwise before `stop`. */
  readonly finished: Promise<void>;
  /** Goes on with another plant. Connections that are in it as they were poll on, and nothing that was read is lost; the rest
   *  is made anew. What `lastingDifference` names must not differ. */
  change(plant: Plant): Promise<void>;
  /** Stops polling, hands over what is pending, says good-bye to every peer. */
  stop(): Promise<void>;
}

/** Puts the rooms together and starts them. Throws when a port that it must listen on is taken, and BadConfiguration when
 *  a newer version wrote the spool. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { plant, clock, log, endedBefore } = options;
  const journal = openPlantJournal(plant, log);
  const people = peopleOf(options, journal);
  const listener = await openPageListener(options);
  const broker = await startOwnBroker(options, (token) => people?.people.door.byToken(token) != null);
  const field = createField(options);
  const loopDelay = watchLoopDelay(options.sinkClock, log);
  const startedAt = clock.now();
  if (endedBefore !== undefined) log.warn({ ...endedBefore }, "the run before this one ended unasked");
  const end = Promise.withResolvers<void>();
  const configurations = configurationsOf(options, journal, (next) => change(next));
  const lasting = { loopDelay, startedAt, people: people?.people ?? null, configurations };
  const writeRates = createRateLimits(() => options.sinkClock.monotonic());
  const surroundings = { ...lasting, journal, field, listener, writeRates };
  await field.change(plant);
  let works = await startWorks(options, plant, surroundings, null);
  const watch = (): void => void works.failed.catch(end.reject);
  watch();
  field.failed.catch(end.reject);
  const turns = createTurnstile();

  /** Links that stay poll on; what they bring meanwhile waits for those that follow. */
  function change(next: Plant): Promise<void> {
    const changed = turns.take(async () => {
      const before = works;
      await field.change(next);
      await before.stop(false);
      works = await startWorks(options, next, surroundings, before);
      watch();
    });
    changed.catch(end.reject); // half changed is neither the one nor the other
    return changed;
  }

  return {
    httpUrl: listener.url,
    get certificate() {
      return listener.certificate;
    },
    setUpUrl: people?.setUpUrl(listener.url) ?? null,
    get view() {
      return works.view;
    },
    get historian() {
      return works.historian;
    },
    reopen: (from) => works.reopen(from),
    finished: end.promise,
    change,
    stop: () =>
      turns.take(async () => {
        await field.end();
        await works.stop(true);
        await listener.close();
        await broker?.close();
        people?.close();
        journal.close();
        loopDelay.stop();
        end.resolve();
      }),
  };
}

/** The history of the files lies in the data folder; a folder that cannot be used is no reason to leave the plant without a
 *  gateway. */
function configurationsOf(
  { origin, plant, clock, log }: GatewayOptions,
  journal: Journal,
  apply: (plant: Plant) => Promise<void>,
): ConfigurationDesk | null {
  if (origin === undefined) return null;
  const versions = openPlantVersions(plant, log);
  const audit = createAuditor(journal, log);
  return createConfigurationDesk({ ...origin, apply, versions, audit, clock, log });
}

/** One after the other. */
function createTurnstile() {
  let last: Promise<unknown> = Promise.resolve();
  return {
    take<T>(work: () => Promise<T>): Promise<T> {
      const turn = last.then(work);
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

function peopleOf({ plant, sinkClock: clock, log, passwordCost }: GatewayOptions, journal: Journal) {
  if (plant.http.auth === "none") return null;
  return openPeople({ dataDir: plant.data.dir, journal, clock, cost: passwordCost ?? PASSWORD_COST, log });
}
