import type { Connection } from "../config/plant.ts";
import { ConnectionLost } from "../domain/errors.ts";
import type { Driver, Log, PollGroup } from "../domain/ports.ts";
import type { Random } from "../domain/random.ts";
import { sleep } from "../domain/time.ts";
import type { Clock, EpochMs } from "../domain/time.ts";
import { backoffMs } from "./backoff.ts";
import { afterPoll, beforeProbe, PROBE_SHARED_MS } from "./breaker.ts";
import type { Pipeline } from "./pipeline.ts";
import { advanceTurn, createTurns, nextTurnAt, pickTurn, restartTurns } from "./schedule.ts";
import type { Turn, Unit } from "./schedule.ts";

/** A device that comes back is seen again within five seconds. */
const RECONNECT = { firstMs: 500, mostMs: 5_000 };

export interface LinkOptions {
  readonly connection: Connection;
  readonly driver: Driver;
  /** 0…1: where in its period this connection polls, so that fifty of them do not poll in the same millisecond. */
  readonly phase: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly pipeline: Pick<Pipeline, "accept" | "lose">;
}

/** One field connection at work: connects, polls each group in its turn, keeps the breakers of the units behind it. */
export interface Link {
  readonly connection: Connection;
  readonly driver: Driver;
  readonly turns: readonly Turn[];
  isConnected(): boolean;
  /** Sentence about what last went wrong since the link was last well. */
  lastError(): string | null;
  /** When this device last said anything, UTC ms. */
  lastAnswer(device: string): EpochMs | null;
  /** Runs until the signal is aborted. */
  run(signal: AbortSignal): Promise<void>;
}

export function createLink(options: LinkOptions): Link {
  const { connection, driver, clock, random, log, pipeline } = options;
  const turns = createTurns(driver.groups);
  const hasSiblings = new Set(turns.map((turn) => turn.unit)).size > 1;
  const lastAnswers = new Map<string, EpochMs>();
  let connected = false;
  let lastError: string | null = null;
  let failures = 0;
  let probesFrom = 0;

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await driver.connect(signal);
        connected = true;
        log.info({ connection: connection.id }, "connected");
        restartTurns(turns, clock.monotonic());
        await scan(signal);
      } catch (error) {
        if (!(error instanceof ConnectionLost) && !signal.aborted) throw error;
        if (!signal.aborted) await standBack(error as Error, signal);
      }
    }
    connected = false;
    await driver.close();
  }

  async function standBack(error: Error, signal: AbortSignal): Promise<void> {
    if (connected || failures === 0) {
      log.warn({ connection: connection.id, reason: error.message }, "connection lost, its tags are bad");
    }
    connected = false;
    failures++;
    lastError = error.message;
    for (const { group } of turns) pipeline.lose(group);
    await sleep(clock, backoffMs(RECONNECT, failures, random), signal).catch(() => undefined);
  }

  /** As many workers as polls may be in flight; the first that loses the link stops the others. */
  async function scan(outer: AbortSignal): Promise<void> {
    const link = new AbortController();
    const signal = AbortSignal.any([outer, link.signal]);
    const workers = Array.from({ length: Math.min(driver.inFlightMax, turns.length) }, () => work(signal));
    try {
      await Promise.all(workers);
    } catch (error) {
      link.abort(error);
      await Promise.allSettled(workers);
      throw error;
    }
  }

  async function work(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const nowMs = clock.monotonic();
      const turn = pickTurn(turns, nowMs, probesFrom);
      if (turn === null) await sleep(clock, Math.max(1, nextTurnAt(turns, probesFrom) - nowMs), signal);
      else await takeTurn(turn, nowMs, signal);
    }
  }

  async function takeTurn(turn: Turn, startMs: number, signal: AbortSignal): Promise<void> {
    const { unit, group } = turn;
    advanceTurn(turn, startMs, options.phase);
    if (unit.breaker.state === "open") {
      unit.breaker = beforeProbe(unit.breaker);
      if (hasSiblings) probesFrom = startMs + PROBE_SHARED_MS;
    }
    turn.isPolling = true;
    try {
      const poll = await driver.poll(turn.index, signal);
      turn.latency.note(clock.monotonic() - startMs);
      turn.polls++;
      noteAnswer(unit, group, poll.answered);
      if (!poll.answered) turn.failed++;
      pipeline.accept(poll, group);
    } finally {
      turn.isPolling = false;
    }
  }

  function noteAnswer(unit: Unit, group: PollGroup, answered: boolean): void {
    const before = unit.breaker.state;
    unit.breaker = afterPoll(unit.breaker, answered, clock.monotonic(), hasSiblings, random);
    if (answered) {
      lastAnswers.set(group.device, clock.now());
      failures = 0;
      lastError = null;
      if (before !== "closed") log.info({ connection: connection.id, unit: unit.name }, "unit answers again");
    } else if (before === "closed" && unit.breaker.state === "open") {
      log.warn({ connection: connection.id, unit: unit.name }, "unit is silent, only probed from now on");
    }
  }

  return {
    connection,
    driver,
    turns,
    isConnected: () => connected,
    lastError: () => lastError,
    lastAnswer: (device) => lastAnswers.get(device) ?? null,
    run,
  };
}
