import { WebSocket } from "ws";
import { answerParent } from "./child.ts";
import { deviceName, tagName, TAGS_PER_DEVICE } from "./tally.ts";
import { currentTick, ticksBetween, TICKS_PER_MS } from "./ticks.ts";

/** A process that plays dashboards, each with 300 tags of its own choice: `node dashboards.ts URL`, questions over IPC. They read
 *  everything they are sent; one message in some is looked into, because fifty pages in one process are slower than fifty pages. */

const TAGS_EACH = 300;
const LOOKED_INTO = 10;

export interface DashboardsReport {
  readonly open: number;
  readonly messages: number;
  readonly bytes: number;
  /** From the device's answer to the arrival here, ms. */
  readonly latencyP50Ms: number;
  readonly latencyP95Ms: number;
  readonly latencyMaxMs: number;
}

const sockets: WebSocket[] = [];
let messages = 0;
let bytes = 0;
let latenciesMs: number[] = [];

function tagsOf(dashboard: number, devices: number): string[] {
  const all = devices * TAGS_PER_DEVICE;
  return Array.from({ length: TAGS_EACH }, (_, at) => {
    const tag = (dashboard * 97 + at * 7) % all;
    return `${deviceName(Math.floor(tag / TAGS_PER_DEVICE))}-${tagName(tag % TAGS_PER_DEVICE)}`;
  });
}

function take(text: Buffer): void {
  const now = currentTick();
  bytes += text.length;
  if (messages++ % LOOKED_INTO !== 0) return;
  const updates = JSON.parse(text.toString()) as { v: number | null }[] | object;
  if (!Array.isArray(updates)) return;
  for (const { v } of updates as { v: number | null }[])
    if (v !== null) latenciesMs.push(ticksBetween(v, now) / TICKS_PER_MS);
}

function open(url: string, dashboard: number, devices: number): Promise<void> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  sockets.push(socket);
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("open", () =>
      socket.send(JSON.stringify({ subscribe: tagsOf(dashboard, devices), time: true })),
    );
    socket.once("message", () => {
      socket.on("message", (text: Buffer) => take(text));
      resolve();
    });
  });
}

function report(): DashboardsReport {
  const sorted = Float64Array.from(latenciesMs).sort();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  const isOpen = ({ readyState }: WebSocket): boolean => readyState === WebSocket.OPEN;
  const told = { open: sockets.filter(isOpen).length, messages, bytes };
  latenciesMs = [];
  messages = 0;
  bytes = 0;
  return { ...told, latencyP50Ms: at(0.5), latencyP95Ms: at(0.95), latencyMaxMs: at(1) };
}

answerParent({
  open: async ({ url, dashboards, devices }: { url: string; dashboards: number; devices: number }) => {
    for (let dashboard = 0; dashboard < dashboards; dashboard++) await open(url, dashboard, devices);
  },
  /** Since the last time it was asked. */
  report,
});
