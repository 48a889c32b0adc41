import { isDeepStrictEqual } from "node:util";
import type { Configuration } from "../../config/configuration.ts";
import { maskPlantFile } from "../../config/mask.ts";
import type { Plant } from "../../config/plant.ts";
import { faultText } from "../../domain/configuration.ts";
import type {
  ConfigurationChange,
  ConfigurationDesk,
  ConfigurationFault,
  ConfigurationFile,
  ConfigurationOutcome,
  ConfigurationVersion,
  RefusedConfiguration,
} from "../../domain/configuration.ts";
import { BadConfiguration, placeOf } from "../../domain/errors.ts";
import type { AuditEvent } from "../../domain/people.ts";
import type { Log } from "../../domain/ports.ts";
import { say, saidElsewhere } from "../../domain/said.ts";
import { sleep } from "../../domain/time.ts";
import type { Clock } from "../../domain/time.ts";
import type { ConfigurationVersions } from "../../store/configurations/versions.ts";
import { differencesOf, lastingDifferences, restartFault } from "./difference.ts";
import { configurationHash } from "./hash.ts";
import { writeBack } from "./write-back.ts";

export interface ConfigurationDeskOptions {
  /** What the gateway has started with. */
  readonly started: Configuration;
  /** Reads the same files again. Throws BadConfiguration with everything that is wrong. */
  readonly read: () => Configuration;
  /** Goes on with another plant. */
  readonly apply: (plant: Plant) => Promise<void>;
  readonly versions: ConfigurationVersions;
  readonly audit: (event: AuditEvent) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Whoever asked over HTTP is answered before the page's server is made anew, ms. */
const ANSWER_MS = 200;

/** Follows the files of a plant: what they say is taken whole or not at all. One change at a time. */
export function createConfigurationDesk(options: ConfigurationDeskOptions): ConfigurationDesk {
  const { started, read, apply, versions, clock, log } = options;
  let running = started;
  let refused: RefusedConfiguration | null = null;
  let applied: Promise<void> = Promise.resolve();
  keepFirst(options);

  function refuse(
    { by }: ConfigurationChange,
    faults: readonly ConfigurationFault[],
    restart: readonly string[] = [],
  ): ConfigurationOutcome {
    refused = { at: clock.now(), by, faults, restart };
    log.error(
      { faults: faults.map(faultText), by },
      "the changed configuration is refused, the one before runs on",
    );
    return { state: "refused", faults };
  }

  async function take(change: ConfigurationChange): Promise<ConfigurationOutcome> {
    const next = attempt(read);
    if ("faults" in next) return refuse(change, next.faults);
    const [before, after] = [running.plant, next.plant];
    const lasting = lastingDifferences(before, after);
    if (lasting.length > 0) return refuse(change, lasting.map(restartFault), lasting);
    refused = null;
    if (isDeepStrictEqual(before, after) && hashOf(next) === hashOf(running)) return { state: "unchanged" };
    const changes = differencesOf(before, after);
    log.info({ changes, by: change.by, cause: change.cause }, "the configuration has changed");
    running = next;
    const version = keep(options, next, change, changes);
    applied = sleep(clock, ANSWER_MS).then(() => apply(after));
    return { state: "accepted", version };
  }

  async function goBack(number: number, change: ConfigurationChange): Promise<ConfigurationOutcome> {
    const files = versions.files(number);
    const absent = { place: null, told: say("no-version", { number }) };
    const written = files === null ? { faults: [absent] } : writeBack(files, running.sources);
    if ("faults" in written) return { state: "refused", faults: written.faults };
    const standing = refused;
    const outcome = await take(change);
    if (outcome.state === "refused") {
      written.undo();
      refused = standing;
    }
    return outcome;
  }

  const inTurn = createTurns(() => applied);

  return {
    versions: () => versions.list().toReversed(),
    current() {
      const present = hashOf(running);
      return versions.list().findLast(({ hash }) => hash === present) ?? null;
    },
    refused: () => refused,
    files: (number) => versions.files(number)?.map(masked) ?? null,
    paths: () => running.sources.map(({ path }) => path),
    reload: (change) => inTurn(() => take(change)),
    rollback: (number, change) => inTurn(() => goBack(number, change)),
  };
}

/** One change after the other: the next begins when the one before is applied. */
function createTurns(applied: () => Promise<void>) {
  let turn: Promise<unknown> = Promise.resolve();
  return (work: () => Promise<ConfigurationOutcome>): Promise<ConfigurationOutcome> => {
    const mine = turn.then(work);
    turn = mine.then(
      () => applied().catch(() => undefined), // told by whoever applies it
      () => undefined,
    );
    return mine;
  };
}

function masked(file: ConfigurationFile): ConfigurationFile {
  return { ...file, text: maskPlantFile(file.text) };
}

function hashOf({ sources }: Configuration): string {
  return configurationHash(sources);
}

function attempt(
  read: () => Configuration,
): Configuration | { readonly faults: readonly ConfigurationFault[] } {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof BadConfiguration)) throw error;
    return {
      faults: error.faults.map((fault) => ({ place: placeOf(fault), told: saidElsewhere(fault.told) })),
    };
  }
}

/** What the gateway starts with is a version too, if it is another than the last one. */
function keepFirst(options: ConfigurationDeskOptions): void {
  const { started, versions } = options;
  if (versions.last()?.hash === hashOf(started)) return;
  keep(options, started, { cause: "start", by: "gateway", address: null, reason: null }, []);
}

/** A disk that takes nothing keeps nobody from changing the plant; it is told. */
function keep(
  { versions, audit, clock, log }: ConfigurationDeskOptions,
  configuration: Configuration,
  { cause, by, address, reason }: ConfigurationChange,
  changes: readonly string[],
): ConfigurationVersion {
  const facts = { at: clock.now(), cause, by, reason, hash: hashOf(configuration), changes };
  const before = versions.last()?.hash ?? null;
  audit({
    at: facts.at,
    by,
    action: cause === "rollback" ? "configuration-restored" : "configuration-changed",
    subject: configuration.plant.id,
    before,
    after: facts.hash,
    reason,
    address,
  });
  try {
    return versions.append(facts, configuration.sources);
  } catch (error) {
    log.error({ reason: (error as Error).message }, "the configuration's history takes nothing");
    return { ...facts, number: 0 };
  }
}
