import type { EpochMs } from "./time.ts";

/** What a person or a program may be. */
export const ACCOUNT_ROLES = ["viewer", "operator", "metallurgist", "engineer", "admin"] as const;
export type AccountRole = (typeof ACCOUNT_ROLES)[number];

/** Who may use something. `public` is everybody, known or not. */
export type Role = "public" | AccountRole;

/** What each role may do. An operator and a metallurgist have different work, so neither includes the other. */
const INCLUDES: Readonly<Record<Role, readonly Role[]>> = {
  public: ["public"],
  viewer: ["public", "viewer"],
  operator: ["public", "viewer", "operator"],
  metallurgist: ["public", "viewer", "metallurgist"],
  engineer: ["public", "viewer", "operator", "metallurgist", "engineer"],
  admin: ["public", "viewer", "operator", "metallurgist", "engineer", "admin"],
};

export function mayUse(role: Role, needed: Role): boolean {
  return INCLUDES[role].includes(needed);
}

/** Somebody whom the gateway knows. */
export interface Caller {
  readonly name: string;
  readonly role: AccountRole;
  /** `local`: whoever sits at this machine, where a plant has no accounts. */
  readonly kind: "session" | "token" | "local";
  /** Of the session; null for others. */
  readonly session: string | null;
  /** A locked session looks on and does nothing until its password has been entered again. */
  readonly isLocked: boolean;
  /** When the session ends by itself; null for what does not. */
  readonly endsAt: EpochMs | null;
}

/** What the caller may do now. */
export function presentRole({ role, isLocked }: Caller): AccountRole {
  return isLocked ? "viewer" : role;
}

/** From where somebody comes. */
export interface Origin {
  /** Address of the connection itself: what a proxy says counts for nothing. */
  readonly address: string;
  /** The name that the browser gives itself. */
  readonly agent: string;
}

export type RefusalKind =
  | "wrong-password"
  | "throttled"
  | "unfit-name"
  | "unfit-password"
  | "taken"
  | "unknown"
  | "last-admin"
  | "busy"
  | "closed";

/** Something about accounts that is not done; the message is a sentence for the person who asked. */
export class PeopleRefusal extends Error {
  readonly code = "PEOPLE_REFUSAL";
  readonly kind: RefusalKind;
  /** When it may be tried again, s; null when that does not help. */
  readonly retryAfterS: number | null;

  constructor(kind: RefusalKind, message: string, retryAfterS: number | null = null) {
    super(message);
    this.kind = kind;
    this.retryAfterS = retryAfterS;
  }
}

export interface AccountView {
  readonly name: string;
  readonly role: AccountRole;
  readonly isDisabled: boolean;
  readonly createdAt: EpochMs;
  readonly lastLoginAt: EpochMs | null;
}

/** A session as it is kept. */
export interface SessionRecord {
  /** Hash of the secret that the browser shows. */
  readonly id: string;
  /** Key of the account. */
  readonly account: string;
  readonly stamp: string;
  readonly createdAt: EpochMs;
  readonly activeAt: EpochMs;
  readonly isLocked: boolean;
  readonly address: string;
  readonly agent: string;
}

export interface SessionView {
  readonly id: string;
  readonly account: string;
  readonly origin: Origin;
  readonly createdAt: EpochMs;
  /** When the person last did something. */
  readonly activeAt: EpochMs;
  readonly endsAt: EpochMs;
  readonly isLocked: boolean;
}

export interface TokenView {
  readonly name: string;
  readonly role: AccountRole;
  readonly createdAt: EpochMs;
  readonly createdBy: string;
}

export const AUDIT_ACTIONS = [
  "set-up-link-made",
  "signed-in",
  "sign-in-failed",
  "signed-out",
  "unlocked",
  "unlock-failed",
  "password-changed",
  "password-change-failed",
  "account-added",
  "role-changed",
  "account-disabled",
  "account-enabled",
  "account-removed",
  "session-ended",
  "token-added",
  "token-removed",
  "alarm-limit-set",
  "backup-made",
  "backup-restored",
  "certificate-trusted",
  "certificate-refused",
  "configuration-changed",
  "configuration-restored",
  "write-sent",
  "write-confirmed",
  "write-not-confirmed",
  "write-rejected",
  "write-refused",
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** Something that somebody did, and that must be known for as long as the plant is. */
export interface AuditEvent {
  readonly at: EpochMs;
  readonly by: string;
  readonly action: AuditAction;
  /** What it was done to: an account, a token, an alarm. */
  readonly subject: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly reason: string | null;
  /** Address of the connection; null for the command line. */
  readonly address: string | null;
}

export interface AuditRecord extends AuditEvent {
  readonly sequence: number;
}

/** Who is at the door. */
export interface Door {
  /** False until the first account has been made; true too when nobody can know. */
  hasAccounts(): boolean;
  bySession(secret: string): Caller | null;
  byToken(secret: string): Caller | null;
  /** The same caller as they are now; null when they may not come in any more. */
  recall(caller: Caller): Caller | null;
  /** The caller did something: puts off the lock of their session. */
  noteActivity(caller: Caller): void;
  /** Rejects with PeopleRefusal. The secret is what the browser shows from now on. */
  signIn(name: string, password: string, origin: Origin): Promise<Admission>;
  /** Makes the first account, an admin's, for whoever has the set-up link. Rejects with PeopleRefusal. */
  setUp(link: string, name: string, password: string, origin: Origin): Promise<Admission>;
  signOut(caller: Caller, address: string): void;
  lock(caller: Caller): void;
  unlock(caller: Caller, password: string, address: string): Promise<void>;
  /** Ends the caller's other sessions. */
  changePassword(caller: Caller, password: string, next: string, address: string): Promise<void>;
}

/** Somebody who has just been let in. */
export interface Admission {
  readonly secret: string;
  readonly caller: Caller;
}

/** Who asks for a change of accounts, and from where. */
export interface Actor {
  readonly name: string;
  readonly address: string | null;
}

/** Accounts of people and tokens of programs. All that change something throw or reject with PeopleRefusal. */
export interface Administration {
  accounts(): readonly AccountView[];
  addAccount(by: Actor, name: string, role: AccountRole, password: string): Promise<void>;
  setRole(by: Actor, name: string, role: AccountRole): void;
  setDisabled(by: Actor, name: string, isDisabled: boolean): void;
  setPassword(by: Actor, name: string, password: string): Promise<void>;
  removeAccount(by: Actor, name: string): void;
  tokens(): readonly TokenView[];
  /** Gives the token, which is shown this once and kept nowhere. */
  addToken(by: Actor, name: string, role: AccountRole): string;
  removeToken(by: Actor, name: string): void;
}

/** People and programs that may use the gateway. */
export interface People {
  readonly door: Door;
  readonly administration: Administration;
  sessions(): readonly SessionView[];
  endSession(by: Actor, id: string): void;
  /** from ≤ at < to, newest first. */
  audit(from: EpochMs, to: EpochMs, rowsMax: number): readonly AuditRecord[];
  /** Why nobody can be let in or nothing about them is kept at present; null when all is well. */
  trouble(): string | null;
}
