import { Type } from "typebox";
import { say } from "../../domain/said.ts";
import type { RefusedConfiguration } from "../../domain/configuration.ts";
import { unaccounted } from "../../domain/health.ts";
import type { DeviceHealth, LoopStalls, OutputHealth, SpoolHealth } from "../../domain/health.ts";
import { systemClock } from "../../domain/system-clock.ts";
import type { Clock, EpochMs } from "../../domain/time.ts";
import type { HistoryHealth } from "../../domain/history.ts";
import type { App } from "../app.ts";
import { Failure, Refusal } from "../failure.ts";
import { isoTime } from "../tag-object.ts";
import type { GatewayView } from "../view.ts";

/** Above this the gateway is late for its polls; above ten times this it does not do its work. */
const EVENT_LOOP_LATE_MS = 200;

/** So long after it a stand-still is worth a word, ms. */
const STALL_TOLD_MS = 600_000;

/** So long after the start it is told that the run before ended unasked, ms. */
const END_TOLD_MS = 86_400_000;

/** Share of its room above which a spool is worth a word: the oldest readings go when it is full. */
const SPOOL_NEARLY_FULL = 0.8;

type Verdict = "ok" | "degraded" | "failing";
type Finding = readonly [verdict: Verdict, sentence: string];

const HealthObject = Type.Object(
  {
    status: Type.Union([Type.Literal("ok"), Type.Literal("degraded"), Type.Literal("failing")]),
    reasons: Type.Array(Type.String()),
    version: Type.String(),
    uptimeS: Type.Number(),
  },
  { title: "Health" },
);

/** The end of a sentence; reasons are sentences of their own, some with a full stop. */
function because(reason: string | null): string {
  return reason === null ? "" : `: ${reason.replace(/\.$/u, "")}`;
}

function deviceFindings(devices: readonly DeviceHealth[]): Finding[] {
  const findings: Finding[] = devices
    .filter(({ state }) => state !== "online" && state !== "starting")
    .map(({ device, state, lastError }) => [
      "degraded",
      `Device ${device} is ${state}${because(lastError)}.`,
    ]);
  const isDeaf = devices.every(({ state }) => state === "silent" || state === "disconnected");
  if (devices.length > 0 && isDeaf) findings.unshift(["failing", "No device answers."]);
  return findings;
}

function outputFindings(outputs: readonly OutputHealth[]): Finding[] {
  return outputs.flatMap((health) => {
    const { output, connected, lastError, dropped, quarantined, pending } = health;
    const findings: Finding[] = [];
    const rest = unaccounted(health);
    if (rest !== 0) findings.push(["failing", `Output ${output} does not account for ${rest} readings.`]);
    if (!connected)
      findings.push([
        "degraded",
        `Output ${output} is not connected, ${pending} readings wait${because(lastError)}.`,
      ]);
    for (const [reason, count] of Object.entries(dropped))
      if (count > 0)
        findings.push([
          "degraded",
          `Output ${output} has lost ${count} readings since it was added: ${reason}.`,
        ]);
    if (quarantined > 0)
      findings.push(["degraded", `Output ${output} was refused ${quarantined} readings for good.`]);
    return findings;
  });
}

function spoolFindings({ isProtected, unsynced, damagedBlocks, bytes, bytesMax }: SpoolHealth): Finding[] {
  const findings: Finding[] = [];
  if (!isProtected)
    findings.push([
      "degraded",
      `The spool's disk takes nothing: readings go out unprotected, ${unsynced} of them are in memory only.`,
    ]);
  if (damagedBlocks > 0)
    findings.push(["degraded", `The spool's disk has damaged ${damagedBlocks} blocks of readings.`]);
  if (bytes > SPOOL_NEARLY_FULL * bytesMax)
    findings.push(["degraded", `The spool is ${Math.round((100 * bytes) / bytesMax)} % full.`]);
  return findings;
}

function historyFindings({ lastError, dropped }: HistoryHealth): Finding[] {
  const findings: Finding[] = [];
  if (lastError !== null) findings.push(["degraded", `The history is in trouble: ${lastError.sentence}`]);
  if (dropped > 0) findings.push(["degraded", `The history has lost ${dropped} readings since the start.`]);
  return findings;
}

function journalFindings(trouble: string | null): Finding[] {
  if (trouble === null) return [];
  return [["degraded", `Figures, alarms, the audit and what people enter are not kept${because(trouble)}.`]];
}

function accountFindings(trouble: string | null): Finding[] {
  if (trouble === null) return [];
  return [["degraded", `What is changed of accounts and sessions is not kept${because(trouble)}.`]];
}

function configurationFindings(refused: RefusedConfiguration | null): Finding[] {
  if (refused === null) return [];
  const { length } = refused.faults;
  return [
    ["degraded", `The changed plant file is not used: it has ${length} fault${length === 1 ? "" : "s"}.`],
  ];
}

function loopFindings(delayMs: number): Finding[] {
  if (delayMs <= EVENT_LOOP_LATE_MS) return [];
  const verdict = delayMs > 10 * EVENT_LOOP_LATE_MS ? "failing" : "degraded";
  return [[verdict, `The event loop is late by ${Math.round(delayMs)} ms at the 99th percentile.`]];
}

function stallFindings({ lastAt, longestMs }: LoopStalls, now: EpochMs): Finding[] {
  if (lastAt === null || now - lastAt > STALL_TOLD_MS) return [];
  return [["degraded", `The event loop stood still lately, for ${Math.round(longestMs)} ms at the longest.`]];
}

function endFindings({ endedBefore, startedAt }: GatewayView, now: EpochMs): Finding[] {
  if (endedBefore === null || now - startedAt > END_TOLD_MS) return [];
  const { at, cause } = endedBefore;
  return [["degraded", `The gateway ended unasked at ${isoTime(at)}: ${cause.replace(/\.$/u, "")}.`]];
}

function worst(findings: readonly Finding[]): Verdict {
  if (findings.some(([verdict]) => verdict === "failing")) return "failing";
  return findings.length > 0 ? "degraded" : "ok";
}

export function healthRoutes(app: App, view: GatewayView, clock: Clock): void {
  // Always 200 when it can be answered at all: to restart a gateway because the plant is dead would help nobody.
  app.get(
    "/healthz",
    {
      config: { role: "public", isLiveness: true },
      schema: {
        summary: "How the gateway is, with reasons for those who may see the plant",
        tags: ["health"],
        response: { 200: HealthObject, default: Failure },
      },
    },
    ({ caller }) => {
      const findings = [
        ...loopFindings(view.eventLoopDelayP99Ms()),
        ...endFindings(view, clock.now()),
        ...stallFindings(view.eventLoopStalls(), systemClock.now()),
        ...deviceFindings(view.devices()),
        ...outputFindings(view.outputs()),
        ...spoolFindings(view.spool()),
        ...historyFindings(view.historyHealth()),
        ...journalFindings(view.journalTrouble()),
        ...configurationFindings(view.configurations?.refused() ?? null),
        ...accountFindings(view.people?.trouble() ?? null),
      ];
      return {
        status: worst(findings),
        reasons: caller === null ? [] : findings.map(([, sentence]) => sentence),
        version: view.version,
        uptimeS: Math.max(0, clock.now() - view.startedAt) / 1000,
      };
    },
  );
  app.get(
    "/readyz",
    {
      config: { role: "public", isLiveness: true },
      schema: {
        summary: "Whether every device has answered or been found silent",
        tags: ["health"],
        response: { 200: Type.Object({ ready: Type.Literal(true) }), 503: Failure, default: Failure },
      },
    },
    () => {
      if (!view.isReady()) throw new Refusal(503, say("not-ready"));
      return { ready: true as const };
    },
  );
}
