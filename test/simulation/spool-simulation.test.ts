import { describe, expect, it } from "vitest";
import { virtualClock } from "../../simulators/virtual-clock.ts";
import type { VirtualClock } from "../../simulators/virtual-clock.ts";
import { fnv1a32, randomFor } from "../../src/domain/random.ts";
import type { Random } from "../../src/domain/random.ts";
import { memoryFs } from "../support/memory-fs.ts";
import type { MemoryFs } from "../support/memory-fs.ts";
import { DEVICES, SINKS, startGatewayIn } from "../support/simulated-gateway.ts";
import type { SimulatedGateway, World } from "../support/simulated-gateway.ts";
import { expectBalance } from "../support/spool.ts";

const SEEDS = process.env["PUMA_SOAK"] === undefined ? 200 : 2_000;
/** A seed of a failure, to run it alone. */
const ONLY = process.env["PUMA_SEED"];
const TURN_MS = 5_000;
const TURNS = 36; // three minutes with faults
const RECOVERY_MS = 60_000;

/** Three minutes of a gateway among failing devices, sinks and disks, killed now and then, and then one of peace. */
async function simulate(seed: number): Promise<number> {
  const simulation = new Simulation(seed);
  await simulation.start();
  for (let turn = 0; turn < TURNS; turn++) await simulation.turn();
  const hash = await simulation.finish();
  simulation.release();
  return hash;
}

class Simulation {
  readonly #seed: number;
  readonly #random: Random;
  readonly #clock: VirtualClock = virtualClock(1_700_000_000_000);
  readonly #world: World;
  /** What was accepted and on disk when its run ended. */
  readonly #accepted: string[] = [];
  #stepMs = 0;
  #fs: MemoryFs = memoryFs();
  #gateway!: SimulatedGateway;
  readonly #gateways: SimulatedGateway[] = [];
  #hash = 0;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = randomFor("schedule", seed);
    const clock = this.#clock;
    this.#world = {
      clock: {
        now: () => clock.now() + this.#stepMs,
        monotonic: () => clock.monotonic(),
        schedule: (ms, action) => clock.schedule(ms, action),
      },
      cut: new Set(),
      syncMs: 0,
      syncError: null,
      taken: new Map(SINKS.map((name) => [name, []])),
      refused: new Map(SINKS.map((name) => [name, new Set()])),
      counters: [],
      note: (event) => {
        this.#hash = fnv1a32(`${this.#hash} ${event}`);
      },
    };
  }

  async start(): Promise<void> {
    const starting = startGatewayIn(this.#world, this.#fs, this.#seed, this.#gateways.length);
    // A slow disk takes its time.
    for (let waited = 0; waited < 2_000; waited++) {
      const step = this.#clock.advance(waited < 20 ? 0 : 50).then(() => null);
      const gateway = await Promise.race([starting, step]);
      await step;
      if (gateway === null) continue;
      this.#gateway = gateway;
      this.#gateways.push(gateway);
      return;
    }
    throw new Error("the gateway does not start");
  }

  async turn(): Promise<void> {
    const random = this.#random;
    const world = this.#world;
    for (const name of [...SINKS, ...Array.from({ length: DEVICES }, (_, n) => `D${n}`)])
      if (random() < 0.2) world.cut[world.cut.has(name) ? "delete" : "add"](name);
    world.syncMs = random() < 0.15 ? random() * 4000 : 0;
    world.syncError = random() < 0.08 ? "EIO" : null;
    this.#fs.bytesMax = random() < 0.1 ? this.#fs.bytes() + random() * 2000 : Infinity;
    if (random() < 0.05) this.#stepMs += (random() - 0.5) * 7_200_000;
    await this.#clock.advance(random() * TURN_MS);
    this.#check();
    if (random() < 0.12) await this.#dieAndStart();
  }

  #check(): void {
    for (const feed of this.#gateway.spool.feeds) expectBalance(feed.counts());
  }

  async #dieAndStart(): Promise<void> {
    this.#gateway.die();
    this.#keep();
    this.#fs = this.#random() < 0.5 ? this.#fs.crash(this.#random) : this.#fs.kill();
    await this.start();
  }

  /** What was only in memory may go with the process: that is what unprotected means. */
  #keep(): void {
    const { spool, appended, acceptedBefore } = this.#gateway;
    const accepted = (spool.feeds[0]?.counts().accepted ?? 0) - acceptedBefore;
    this.#accepted.push(...appended.slice(0, Math.min(accepted, appended.length - spool.health().unsynced)));
  }

  async finish(): Promise<number> {
    const world = this.#world;
    world.cut.clear();
    world.syncMs = 0;
    world.syncError = null;
    this.#fs.bytesMax = Infinity;
    await this.#clock.advance(RECOVERY_MS);
    this.#check();
    this.#gateway.die();
    this.#keep();
    for (const feed of this.#gateway.spool.feeds) {
      const { dropped, pending } = feed.counts();
      const taken = world.taken.get(feed.name) ?? [];
      const known = new Set(taken.map((reading) => reading.replace("history ", "")));
      const refused = world.refused.get(feed.name) ?? new Set();
      const missing = this.#accepted.filter((reading) => !known.has(reading) && !refused.has(reading));
      const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
      // The last scans of the peace may still be on their way.
      expect(pending).toBeLessThan(100);
      expect(missing.length).toBeLessThanOrEqual(lost + pending);
      expectFreshOrder(taken.filter((reading) => !reading.startsWith("history")));
    }
    return this.#hash;
  }

  release(): void {
    for (const gateway of this.#gateways) gateway.release();
  }
}

/** The present never runs backwards: repeated after a lost acknowledgement at the most. */
function expectFreshOrder(readings: readonly string[]): void {
  const last = new Map<string, number>();
  for (const reading of readings) {
    const [tag = "", value = ""] = reading.split(":");
    if (value.startsWith("bad")) continue;
    const before = last.get(tag) ?? 0;
    // A batch that was taken without an acknowledgement comes again as a whole.
    if (Number(value) < before - REPEATED_MAX) throw new Error(`tag ${tag} went from ${before} to ${value}`);
    last.set(tag, Math.max(before, Number(value)));
  }
}
const REPEATED_MAX = 15;

describe("For every output, at every moment: accepted = delivered + pending + dropped + quarantined.", () => {
  it(
    `Scheduler, pipeline, spool and forwarders lose nothing that is not counted, over ${SEEDS} seeds of faults`,
    { timeout: 3_600_000 },
    async () => {
      const seeds = ONLY === undefined ? Array.from({ length: SEEDS }, (_, seed) => seed) : [Number(ONLY)];
      for (const seed of seeds) {
        try {
          await simulate(seed);
        } catch (error) {
          throw new Error(`seed ${seed} fails; run it alone with PUMA_SEED=${seed}`, { cause: error });
        }
      }
    },
  );

  it("The same seed does the very same thing again", async () => {
    for (const seed of [1, 2, 3]) expect(await simulate(seed)).toBe(await simulate(seed));
    expect(await simulate(1)).not.toBe(await simulate(2));
  });
});
