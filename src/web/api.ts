import type { AlarmPriority, AlarmState, FirstOut } from "../domain/alarm.ts";
import type { DeviceState } from "../domain/health.ts";
import type { Equipment } from "../domain/equipment.ts";
import type { AccountRole } from "../domain/people.ts";
import type { Quality, Reason } from "../domain/status.ts";
import type { WriteOutcomeKind } from "../domain/write.ts";
import { inOwnWords, knowTexts } from "./plant-texts.ts";
import { words } from "./preferences.ts";
import { send, sendJson } from "./session.ts";
import { sentenceOf } from "./told.ts";
import type { ToldAnswer } from "./told.ts";

/** The gateway's answers, as far as this page reads them; the OpenAPI document has the whole of them. */
export interface PlantAnswer {
  readonly title: string;
  readonly areas: readonly string[];
  readonly timeZone: string;
  readonly version: string;
  readonly time: string;
  readonly speed: number;
  readonly auth: "accounts" | "none";
  readonly plaintext: readonly ("page" | "broker")[];
  readonly simulators: boolean;
  readonly productionDay: string;
  readonly shifts: Readonly<Record<string, string>>;
  readonly units: Readonly<Record<string, string>>;
  readonly reasons: Readonly<Record<string, Reason>>;
}

export type Value = number | string | boolean | null;

export interface TagAnswer {
  readonly tag: string;
  readonly title: string;
  readonly area: string;
  readonly device: string;
  readonly unit: string | null;
  readonly range: readonly [low: number, high: number] | null;
  /** Where the plant file says what is normal. */
  readonly normal?: readonly [low: number, high: number];
  readonly states?: Readonly<Record<string, string>>;
  readonly value: Value;
  readonly quality: Quality;
  readonly status: number;
  readonly sourceTime: string;
}

/** One element of the live socket's arrays. */
export interface Update {
  readonly tag: string;
  /** Source time, ms since 1970. */
  readonly t: number;
  readonly v: Value;
  readonly q: Quality;
  /** OPC UA StatusCode. */
  readonly s: number;
}

export interface AlarmSettingAnswer {
  /** In the unit of the value, or in percent of a reference such as "80%". */
  readonly limit: number | string | null;
  readonly band: readonly [low: number, high: number] | null;
}

/** What is to be heard, and where it is silenced. */
export interface AnnunciationAnswer {
  readonly calls: readonly {
    readonly priority: AlarmPriority;
    readonly alarms: number;
    readonly last: string;
  }[];
  readonly silences: readonly {
    readonly console: string;
    readonly by: string;
    readonly at: string;
    readonly until: string;
  }[];
  readonly lastTenMinutes: number;
  readonly isFlood: boolean;
}

/** An alarm as the routes and the live socket tell it. */
export interface AlarmAnswer {
  readonly alarm: string;
  readonly title: string;
  readonly area: string;
  /** Tag, metric, assay, device, or a part of the gateway. */
  readonly on: string;
  readonly type: string;
  readonly priority: AlarmPriority;
  readonly state: AlarmState;
  readonly since: string | null;
  readonly activeSince: string | null;
  readonly until: string | null;
  readonly by: string | null;
  readonly reason: string | null;
  readonly firstOut: FirstOut | null;
  readonly group: string | null;
  readonly value: number | null;
  readonly unit: string | null;
  readonly limit: number | null;
  /** Null where there is nothing to set. */
  readonly setting:
    | (AlarmSettingAnswer & {
        readonly planned: AlarmSettingAnswer;
        readonly isChanged: boolean;
        readonly change: { readonly by: string | null; readonly at: string; readonly reason: string } | null;
      })
    | null;
  readonly quality: Quality;
  readonly badReason: string | null;
  readonly consequence: string;
  readonly response: string;
  readonly timeToRespondS: number | null;
}

/** What an alarm says about the values of its tag. */
export interface LimitAnswer {
  readonly tag: string;
  readonly alarm: string;
  readonly type: string;
  readonly priority: AlarmPriority;
  readonly low: number | null;
  readonly high: number | null;
  /** A tag or a number. */
  readonly setpoint: string | number | null;
}

/** Who may write a tag, and under which conditions. */
export interface WriteRuleAnswer {
  readonly tag: string;
  readonly role: AccountRole;
  readonly range: readonly [low: number, high: number] | null;
  readonly rate: { readonly writes: number; readonly perS: number };
  readonly when: string | null;
}

export interface PreparedWriteAnswer {
  readonly token: string;
  readonly before: Value;
  readonly after: number | boolean;
}

export interface WriteReportAnswer {
  readonly outcome: WriteOutcomeKind;
  readonly after: number | boolean;
  readonly found: Value;
  readonly detail: string | null;
  readonly said: ToldAnswer | null;
}

export type EquipmentAnswer = Omit<Equipment, "at">;

/** Readings of one tag as columns. */
export interface TrendAnswer {
  readonly tag: string;
  readonly from: string;
  readonly to: string;
  readonly t: readonly number[];
  readonly v: readonly Value[];
  readonly s: readonly number[];
}

export interface DeviceAnswer {
  readonly device: string;
  readonly connection: string;
  readonly title: string;
  readonly protocol: string;
  readonly state: DeviceState;
  readonly lastError: string | null;
  readonly lastSaid: ToldAnswer | null;
  readonly lastAnswer: string | null;
  readonly tags: number;
  readonly tagsGood: number;
  readonly periodsMs: readonly number[];
  readonly polls: number;
  /** Polls that the device did not answer. */
  readonly pollsFailed: number;
  /** Polls that were due while the one before still ran. */
  readonly pollsMissed: number;
  readonly latencyP50Ms: number | null;
  readonly latencyP99Ms: number | null;
  readonly breaker: "closed" | "open" | "half-open";
  readonly quarantined: readonly string[];
  readonly certificate: string | null;
}

export interface OutputAnswer {
  readonly output: string;
  readonly endpoint: string;
  readonly plaintext: readonly string[];
  readonly connected: boolean;
  readonly lastError: string | null;
  readonly lastSaid: ToldAnswer | null;
  readonly accepted: number;
  readonly delivered: number;
  readonly pending: number;
  readonly dropped: number;
  readonly droppedByReason: Readonly<Record<string, number>>;
  readonly quarantined: number;
  readonly lag: number;
}

const ANSWER_MAX_MS = 4000;

/** A question without the answer that was wanted; the message says why in the reader's language. */
export class Unanswered extends Error {
  readonly code = "UNANSWERED";
  /** Of the response; null when there was none: the gateway is away. */
  readonly status: number | null;

  constructor(message: string, status: number | null, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }

  /** The gateway has nothing of the kind, and will not the next time either. */
  get isOfNothing(): boolean {
    return this.status === 404;
  }
}

/** Rejects with Unanswered when the gateway is away, slow or unwilling. */
export async function ask<T>(path: string): Promise<T> {
  const [response] = await Promise.all([
    fetch(path, { signal: AbortSignal.timeout(ANSWER_MAX_MS) }),
    knowTexts(),
  ]).catch((cause: unknown) => {
    throw new Unanswered(words.value.away, null, { cause });
  });
  const { ok, status } = response;
  if (ok) return inOwnWords((await response.json()) as T);
  const failure = (await response.json().catch(() => null)) as FailureAnswer | null;
  throw new Unanswered(sentenceOf(failure?.message ?? String(status), failure), status);
}

/** What the gateway says instead of an answer. */
type FailureAnswer = ToldAnswer & { readonly message?: string };

/** One thing wrong with what was sent. */
export interface Fault {
  readonly row: number;
  readonly column: string;
  readonly sentence: string;
}

/** What came of something that was sent: the answer, or why it was not taken. */
export type Told<T> =
  | { readonly answer: T }
  | {
      readonly refused: string;
      readonly faults: readonly Fault[];
      /** What kind of refusal it is, where the gateway tells one from another. */
      readonly kind: string | null;
      /** Of the response; null when there was none: the gateway is away. */
      readonly status: number | null;
    };

type Sent = File | object;

function faultInWords(fault: Fault & ToldAnswer): Fault {
  return { row: fault.row, column: fault.column, sentence: sentenceOf(fault.sentence, fault) };
}

/** Sends JSON, or a CSV file. Never rejects: a gateway that is away refuses like one that does not want it. */
export async function tell<T>(
  method: "POST" | "PATCH" | "DELETE",
  path: string,
  body?: Sent,
  withinMs?: number,
): Promise<Told<T>> {
  try {
    const response = await (body instanceof File
      ? send(path, { method, headers: { "content-type": "text/csv" }, body })
      : sendJson(method, path, body, withinMs));
    const text = await response.text();
    const answer = (text === "" ? null : JSON.parse(text)) as
      | (T & FailureAnswer & { faults?: (Fault & ToldAnswer)[]; kind?: string })
      | null;
    if (response.ok) return { answer: inOwnWords(answer as T) };
    const { status } = response;
    const { message = String(status), faults = [], kind = null } = answer ?? {};
    return { refused: sentenceOf(message, answer), faults: faults.map(faultInWords), kind, status };
  } catch {
    return { refused: words.value.away, faults: [], kind: null, status: null };
  }
}
