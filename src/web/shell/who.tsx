import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { peopleWords } from "../i18n/people.ts";
import { answerUnlock, enter, isUnlockAsked, lock, me, signOut } from "../session.ts";
import type { Me } from "../session.ts";
import { Dialog } from "../widgets/dialog.tsx";
import { FormFault, PasswordField } from "./credentials.tsx";
import { faultOf } from "./people-faults.ts";
import "./people.css";

/** Who acts here, and the way to lock the page and to leave it. */
export function Who() {
  const somebody = me.value;
  if (somebody === null) return null;
  const { role, localEngineer, lock: lockText, signOut: signOutText, account } = peopleWords.value;
  if (somebody.kind === "local")
    return (
      <span class="who quiet" title={localEngineer}>
        {role[somebody.role]}
      </span>
    );
  return (
    <div class="who" role="group" aria-label={account}>
      <a href="/login" title={account}>
        {somebody.name} <span class="quiet">{role[somebody.role]}</span>
      </a>
      {!somebody.locked && (
        <button type="button" class="chip" onClick={() => void lock()}>
          {lockText}
        </button>
      )}
      <button type="button" class="chip" onClick={() => void signOut()}>
        {signOutText}
      </button>
    </div>
  );
}

/** Says that the page looks on and does nothing, for as long as it is so. */
export function LockBanner() {
  const somebody = me.value;
  if (somebody?.locked !== true) return null;
  const { locked, lockedHint, unlock } = peopleWords.value;
  return (
    <div class="banner caution lock-banner" role="status">
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <path d="M2.5 6h7v5h-7zM4 6V3.8a2 2 0 0 1 4 0V6" />
      </svg>
      <strong>{locked}</strong>
      <span>{lockedHint(somebody.name)}</span>
      <button
        type="button"
        class="chip"
        onClick={() => {
          isUnlockAsked.value = true;
        }}
      >
        {unlock}
      </button>
    </div>
  );
}

async function unlockWith(password: string): Promise<string | null> {
  const response = await fetch("/api/v1/unlock", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ password }),
  }).catch(() => null);
  const fault = faultOf(response, { 401: peopleWords.value.wrongPassword });
  if (fault === null && response !== null) enter((await response.json()) as Me);
  return fault;
}

/** Asks for the password that the page is locked by; what waited for it then goes on. */
function UnlockForm() {
  const { unlock, lockedHint } = peopleWords.value;
  const password = useSignal("");
  const fault = useSignal<string | null>(null);
  useEffect(() => document.getElementById("unlock-password")?.focus(), []);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    fault.value = await unlockWith(password.value);
    password.value = "";
    if (fault.value === null) answerUnlock(true);
  };
  return (
    <form class="entrance-form" onSubmit={(event) => void submit(event)}>
      <p class="quiet">{lockedHint(me.value?.name ?? "")}</p>
      <PasswordField id="unlock-password" value={password} autocomplete="current-password" />
      <FormFault text={fault.value} />
      <button type="submit" class="primary">
        {unlock}
      </button>
    </form>
  );
}

export function UnlockDialog() {
  if (!isUnlockAsked.value) return null;
  return (
    <Dialog title={peopleWords.value.locked} onClose={() => answerUnlock(false)}>
      <UnlockForm />
    </Dialog>
  );
}
