import { signal } from "@preact/signals";
import type { AccountRole } from "../../../domain/people.ts";
import { ask } from "../../api.ts";
import { peopleWords } from "../../i18n/people.ts";
import { sendJson } from "../../session.ts";
import { faultOf } from "../../shell/people-faults.ts";
import type { Meanings } from "../../shell/people-faults.ts";

export interface SessionAnswer {
  readonly id: string;
  readonly address: string;
  readonly agent: string;
  readonly activeAt: string;
  readonly locked: boolean;
}

export interface UserAnswer {
  readonly name: string;
  readonly role: AccountRole;
  readonly disabled: boolean;
  readonly createdAt: string;
  readonly lastLoginAt: string | null;
  readonly sessions: readonly SessionAnswer[];
}

export interface TokenAnswer {
  readonly name: string;
  readonly role: AccountRole;
  readonly createdAt: string;
  readonly createdBy: string;
}

export const users = signal<readonly UserAnswer[]>([]);
export const tokens = signal<readonly TokenAnswer[]>([]);
/** What is wrong with what was asked last. */
export const fault = signal<string | null>(null);

/** Reads both lists anew. What cannot be read stays as it was: that the gateway is away is told elsewhere. */
export async function refresh(): Promise<void> {
  const [people, programs] = await Promise.all([
    ask<UserAnswer[]>("/api/v1/users").catch(() => null),
    ask<TokenAnswer[]>("/api/v1/tokens").catch(() => null),
  ]);
  if (people !== null) users.value = people;
  if (programs !== null) tokens.value = programs;
}

/** Has something changed, and reads the lists anew. Null when it was refused, and then `fault` says why. */
async function change(
  method: "POST" | "PATCH" | "DELETE",
  path: string,
  body?: object,
  meanings: Meanings = {},
): Promise<Response | null> {
  const response = await sendJson(method, `/api/v1/${path}`, body).catch(() => null);
  fault.value = faultOf(response, meanings);
  await refresh();
  return fault.value === null ? response : null;
}

const named = (list: "users" | "tokens", name: string): string => `${list}/${encodeURIComponent(name)}`;

export async function addUser(name: string, role: AccountRole, password: string): Promise<boolean> {
  const { taken } = peopleWords.value;
  return (await change("POST", "users", { name, role, password }, { 409: taken })) !== null;
}

export function changeUser(
  name: string,
  changes: { role?: AccountRole; disabled?: boolean },
): Promise<unknown> {
  return change("PATCH", named("users", name), changes, { 409: peopleWords.value.lastAdmin });
}

export function removeUser(name: string): Promise<unknown> {
  return change("DELETE", named("users", name), undefined, { 409: peopleWords.value.lastAdmin });
}

export function endSession(id: string): Promise<unknown> {
  return change("DELETE", `sessions/${id}`);
}

/** Gives the token, which nobody can ask for again; null when it was refused. */
export async function addToken(name: string, role: AccountRole): Promise<string | null> {
  const { taken } = peopleWords.value;
  const response = await change("POST", "tokens", { name, role }, { 409: taken });
  return response === null ? null : ((await response.json()) as { token: string }).token;
}

export function removeToken(name: string): Promise<unknown> {
  return change("DELETE", named("tokens", name));
}
