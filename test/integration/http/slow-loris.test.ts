import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { memoryView } from "../../support/http-view.ts";
import { serveView } from "../../support/http-server.ts";
import { tagOf } from "../../support/tags.ts";
import { until } from "../../support/until.ts";

const CONNECTIONS = 2_000;
/** Somewhat longer than the server has patience with a body. */
const ATTACK_MS = process.env["PUMA_SOAK"] === undefined ? 34_000 : 120_000;
const ANSWER_P99_MS_MAX = 500;
const HEADERS_S_MAX = 10;
const BODIES_S_MAX = 30;
/** Until the server looks, and until the closing is seen by somebody who holds two thousand. */
const SLACK_S = 5;

/** A process of its own, so that the server's time is the server's. */
function start(name: string, ...args: readonly number[]): ChildProcess & AsyncDisposable {
  const child = fork(new URL(`./${name}-process.ts`, import.meta.url), args.map(String), { execArgv: [] });
  return Object.assign(child, {
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await once(child, "exit");
    },
  });
}

async function report<T>(child: ChildProcess): Promise<T> {
  child.send("report");
  const [told] = (await once(child, "message")) as [T];
  return told;
}

interface Attack {
  readonly open: number;
  readonly headers: readonly number[];
  readonly bodies: readonly number[];
}

it(`${CONNECTIONS} connections that never finish their request keep nobody waiting, and are closed in time`, async () => {
  const server = await serveView(memoryView([tagOf(0), tagOf(1)]));
  {
    await using attackers = start("slow-loris", server.port, CONNECTIONS);
    await until(async () => (await report<Attack>(attackers)).open === CONNECTIONS, 30_000);
    await using page = start("asking", server.port);
    await new Promise((resolve) => setTimeout(resolve, ATTACK_MS));
    const answersMs = (await report<(number | null)[]>(page))
      .map((ms) => ms ?? Infinity)
      .sort((a, b) => a - b);
    const { open, headers, bodies } = await report<Attack>(attackers);
    expect(answersMs.length).toBeGreaterThan(ATTACK_MS / 1000);
    expect(answersMs[Math.floor(0.99 * answersMs.length)]).toBeLessThan(ANSWER_P99_MS_MAX);
    expect(open).toBeGreaterThan(0.4 * CONNECTIONS); // many are just being opened anew
    for (const [lived, limit] of [
      [headers, HEADERS_S_MAX],
      [bodies, BODIES_S_MAX],
    ] as const) {
      expect(lived.length).toBeGreaterThanOrEqual((0.9 * CONNECTIONS) / 2);
      expect(Math.min(...lived)).toBeGreaterThan(limit - 1);
      expect(Math.max(...lived)).toBeLessThan(limit + SLACK_S);
    }
  }
  await server.close();
});
