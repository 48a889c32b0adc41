import { signal } from "@preact/signals";
import { mayUse } from "../domain/people.ts";
import type { AccountRole, Role } from "../domain/people.ts";

/** Who is at the page, as `/api/v1/session` tells it. */
export interface Me {
  readonly name: string;
  readonly role: AccountRole;
  /** `local`: whoever sits at the gateway's machine, where a plant has no accounts. */
  readonly kind: "session" | "token" | "local";
  /** Everything can be seen; what is done asks for the password first. */
  readonly locked: boolean;
}

/** Null until it is known, and while nobody has signed in. */
export const me = signal<Me | null>(null);

/** Why the entrance is shown: somebody is to sign in, or the first account is to be made. Null while it is not. */
export const entrance = signal<"sign-in" | "first-account" | null>(null);

/** Somebody must enter the password before a request goes on. */
export const isUnlockAsked = signal(false);

/** Whether to show a control that asks for this role. A locked page shows what its person may do once it is unlocked. */
export function may(needed: Role): boolean {
  return me.value !== null && mayUse(me.value.role, needed);
}

const ANSWER_MAX_MS = 10_000;
const ACTIVITY_MS = 60_000;
const UNAUTHORIZED = 401;
const LOCKED = 423;

function request(path: string, init: RequestInit): Promise<Response> {
  return fetch(path, { signal: AbortSignal.timeout(ANSWER_MAX_MS), ...init });
}

/** Asks who we are. False when nobody: then the page shows the entrance. Rejects when the gateway is away. */
export async function findMe(): Promise<boolean> {
  const response = await request("/api/v1/session", {});
  if (response.status === UNAUTHORIZED) {
    const isFresh = response.headers.get("www-authenticate")?.includes("no account yet") === true;
    leave(isFresh ? "first-account" : "sign-in");
    return false;
  }
  if (!response.ok) throw new Error(`/api/v1/session answered ${response.status}`);
  enter((await response.json()) as Me);
  return true;
}

export function enter(somebody: Me): void {
  me.value = somebody;
  entrance.value = null;
}

function leave(because: "sign-in" | "first-account"): void {
  me.value = null;
  isUnlockAsked.value = false;
  entrance.value = because;
}

let whenUnlocked: ((isUnlocked: boolean) => void)[] = [];

/** Ends the question for the password: requests that wait for it go on, or are given up. */
export function answerUnlock(isUnlocked: boolean): void {
  isUnlockAsked.value = false;
  for (const go of whenUnlocked) go(isUnlocked);
  whenUnlocked = [];
}

function unlocked(): Promise<boolean> {
  isUnlockAsked.value = true;
  return new Promise((resolve) => whenUnlocked.push(resolve));
}

/** Has the gateway do something. While the page is locked the password is asked for first, and then the request goes on;
 *  when the session has ended the entrance is shown. Rejects when the gateway is away. */
export async function send(path: string, init: RequestInit): Promise<Response> {
  const response = await request(path, init);
  if (response.status === UNAUTHORIZED) await findMe();
  if (response.status !== LOCKED || !(await unlocked())) return response;
  return request(path, init);
}

/** `send` with a body of JSON; waits `withinMs` for the answer where that is given. */
export function sendJson(
  method: "POST" | "PATCH" | "DELETE",
  path: string,
  body?: object,
  withinMs?: number,
): Promise<Response> {
  const patience = withinMs === undefined ? {} : { signal: AbortSignal.timeout(withinMs) };
  if (body === undefined) return send(path, { method, ...patience });
  const headers = { "content-type": "application/json" };
  return send(path, { method, headers, body: JSON.stringify(body), ...patience });
}

export async function signOut(): Promise<void> {
  await request("/api/v1/logout", { method: "POST" });
  await findMe();
}

export async function lock(): Promise<void> {
  const response = await request("/api/v1/lock", { method: "POST" });
  if (response.ok) enter((await response.json()) as Me);
}

let toldAt = -Infinity;

/** Somebody touches the page: the gateway is told once in a while, so that it does not lock it. */
function noteActivity(): void {
  const now = performance.now();
  if (me.value?.kind !== "session" || me.value.locked || now - toldAt < ACTIVITY_MS) return;
  toldAt = now;
  // A gateway that is away is told by others; then nothing can be done either.
  request("/api/v1/session/activity", { method: "POST" }).catch(() => undefined);
}

export function watchActivity(): void {
  for (const event of ["pointerdown", "keydown", "wheel", "touchstart"])
    addEventListener(event, noteActivity, { passive: true, capture: true });
}
