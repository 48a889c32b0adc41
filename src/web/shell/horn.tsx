import { computed, signal, useSignalEffect } from "@preact/signals";
import type { AlarmPriority } from "../../domain/alarm.ts";
import { annunciation } from "../alarm-store.ts";
import { tell } from "../api.ts";
import { hornWords } from "../i18n/horn.ts";
import { link, plantNow } from "../store.ts";
import { may } from "../session.ts";
import { isSoundAllowed, soundHorn, stopHorn, wakeSound } from "./horn-sound.ts";

const KEY = "puma.console";

/** This browser's name among the consoles; `randomUUID` is for encrypted pages only. */
function consoleName(): string {
  const made = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
  try {
    const known = localStorage.getItem(KEY) ?? made;
    localStorage.setItem(KEY, known);
    return known;
  } catch {
    return made; // a private window is a console of its own each time
  }
}

const name = consoleName();

const silence = computed(() =>
  annunciation.value.silences.find(
    ({ console, until }) => console === name && Date.parse(until) > plantNow.value,
  ),
);

/** The gravest that this console has not been silenced for; null when there is nothing to hear. */
const heard = computed<AlarmPriority | null>(() => {
  const quietUntil = Date.parse(silence.value?.at ?? "");
  const call = annunciation.value.calls.find(({ last }) => !(Date.parse(last) <= quietUntil));
  return call?.priority ?? null;
});

const isMuted = signal(!isSoundAllowed());

async function silenceHere(): Promise<void> {
  stopHorn();
  // Where it fails the horn goes on, which says so.
  await tell("POST", "/api/v1/alarms/silence", { console: name });
}

/** The horn of this console: what it calls for, and the key that silences it. */
export function Horn() {
  const { silence: text, silenced, blocked, blockedHint, sounding } = hornWords.value;
  useSignalEffect(() => {
    if (heard.value === null || link.value !== "live") stopHorn();
    else soundHorn(heard.value);
    void plantNow.value; // whether the page has been touched is asked once a second
    isMuted.value = !isSoundAllowed();
  });
  if (heard.value === null)
    return silence.value === undefined || annunciation.value.calls.length === 0 ? null : (
      <span class="horn quiet">{silenced(silence.value.by)}</span>
    );
  return (
    <span class="horn">
      {isMuted.value && (
        <button
          type="button"
          class="chip"
          title={blockedHint}
          onClick={() => {
            void wakeSound().then(() => void (isMuted.value = !isSoundAllowed()));
          }}
        >
          {blocked}
        </button>
      )}
      {may("operator") ? (
        <button
          type="button"
          class="chip first"
          data-sounding={heard.value}
          onClick={() => void silenceHere()}
        >
          {text}
        </button>
      ) : (
        <strong data-sounding={heard.value}>{sounding}</strong>
      )}
    </span>
  );
}
