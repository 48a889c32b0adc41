import { signal } from "@preact/signals";
import { bodyKey } from "../../../domain/entry-fields.ts";
import { ask, tell } from "../../api.ts";
import type { Fault } from "../../api.ts";
import { fieldsOf, pathOf } from "./forms.ts";
import type { FormKind } from "./forms.ts";

/** One version of something that was entered, as the list shows it. */
export interface RecordRow {
  readonly ref: string;
  readonly version: number;
  readonly from: string;
  readonly to: string;
  /** By the names of the form's inputs; null when it was taken back. */
  readonly content: Readonly<Record<string, string>> | null;
  readonly state: string | null;
  readonly by: string;
  readonly at: string;
  readonly reason: string | null;
}

/** What came of the last thing that was sent. */
export interface Outcome {
  readonly added: number | null;
  readonly message: string | null;
  readonly faults: readonly Fault[];
}

export interface Point {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
}

export const points = signal<readonly Point[]>([]);
export const kind = signal<FormKind>("lot");
export const values = signal<Readonly<Record<string, string>>>({});
/** The entry that is being corrected; null for a new one. */
export const correcting = signal<RecordRow | null>(null);
export const rows = signal<readonly RecordRow[]>([]);
export const outcome = signal<Outcome | null>(null);

/** Opens the records of a kind. */
export async function choose(next: FormKind): Promise<void> {
  kind.value = next;
  rows.value = [];
  clear();
  outcome.value = null;
  if (points.value.length === 0) points.value = await ask<Point[]>("/api/v1/assays/points").catch(() => []);
  await refresh();
}

export function clear(): void {
  values.value = {};
  correcting.value = null;
}

type Answer = Readonly<Record<string, string | number | null>> & {
  readonly body?: Readonly<Record<string, unknown>> | null;
};

export async function refresh(): Promise<void> {
  const asked = kind.value;
  const query = asked === "assay" ? "?versions=all" : "";
  const answer = await ask<Answer[]>(pathOf(asked) + query).catch(() => []);
  if (kind.value !== asked) return;
  rows.value = answer.map(asked === "assay" ? assayRow : entryRow);
}

function assayRow(answer: Answer): RecordRow {
  const { point, sample, asReported, method, batch, state, version, cutFrom, cutTo, by } = answer;
  const content = { point, sample, value: asReported, method, batch };
  return {
    ref: `${point} ${sample}`,
    version: Number(version),
    from: String(cutFrom),
    to: String(cutTo),
    content: state === "withdrawn" ? null : textsOf(content),
    state: String(state),
    by: String(by),
    at: String(answer["receivedAt"]),
    reason: (answer["reason"] ?? null) as string | null,
  };
}

function entryRow(answer: Answer): RecordRow {
  const { ref, version, from, to, by, at, reason, body } = answer;
  const names = fieldsOf(kind.value).map(({ name }) => name);
  const content =
    body === null || body === undefined
      ? null
      : { ref, ...Object.fromEntries(names.map((name) => [name, body[bodyKey(name)]])) };
  return {
    ref: String(ref),
    version: Number(version),
    from: String(from),
    to: String(to),
    content: content === null ? null : textsOf(content),
    state: null,
    by: String(by),
    at: String(at),
    reason: (reason ?? null) as string | null,
  };
}

function textsOf(content: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(content)) {
    if (value === null || value === undefined) continue;
    if (Array.isArray(value)) texts[name] = (value as ScreenAnswer[]).map(screenText).join(" ");
    else if (typeof value === "string" || typeof value === "number") texts[name] = String(value);
  }
  return texts;
}

interface ScreenAnswer {
  readonly sizeUm: number;
  readonly passingPercent: number;
}

function screenText({ sizeUm, passingPercent }: ScreenAnswer): string {
  return `${sizeUm}:${passingPercent}`;
}

/** Fills the form with what is known, to be corrected. */
export function correct(row: RecordRow, local: (time: string) => string): void {
  const times: Record<string, string> = {
    at: local(row.from),
    from: local(row.from),
    cut_from: local(row.from),
  };
  if (row.to !== row.from) Object.assign(times, { to: local(row.to), cut_to: local(row.to) });
  correcting.value = row;
  outcome.value = null;
  values.value = { ...times, ...row.content, ref: row.ref };
}

/** Sends what the form holds; `isWithdrawal` takes the entry back instead. */
export async function submit(isWithdrawal: boolean): Promise<void> {
  const names = [...fieldsOf(kind.value).map(({ name }) => name), "reason"];
  const filled: Record<string, unknown> = kind.value === "assay" ? { unit: unitOfPoint() } : {};
  if (correcting.value !== null && kind.value !== "assay") filled["ref"] = correcting.value.ref;
  for (const name of names) if ((values.value[name] ?? "") !== "") filled[name] = values.value[name];
  const withdrawal = kind.value === "assay" ? { value: "withdrawn" } : { withdrawn: true };
  const record = isWithdrawal ? { ...filled, ...withdrawal } : filled;
  await send(pathOf(kind.value), record);
}

function unitOfPoint(): string {
  return points.value.find(({ id }) => id === values.value["point"])?.unit ?? "1";
}

export async function submitFile(file: File): Promise<void> {
  await send(`${pathOf(kind.value)}.csv`, file);
}

async function send(path: string, body: object): Promise<void> {
  const told = await tell<{ readonly added: number }>("POST", path, body);
  if ("refused" in told) {
    outcome.value = { added: null, message: told.refused, faults: told.faults };
    return;
  }
  outcome.value = { added: told.answer.added, message: null, faults: [] };
  clear();
  await refresh();
}
