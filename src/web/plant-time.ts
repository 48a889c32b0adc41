import { words } from "./preferences.ts";
import { plant, plantNow } from "./store.ts";

function zone(): string {
  return plant.value?.timeZone ?? "UTC";
}

/** Date and time on the plant's clocks, as short as tables want them: "27/11/26 07:00". */
export function plantTime(time: string | number): string {
  const format = new Intl.DateTimeFormat(words.value.locale, {
    timeZone: zone(),
    dateStyle: "short",
    timeStyle: "short",
    hourCycle: "h23",
  });
  return format.format(typeof time === "number" ? time : Date.parse(time));
}

/** The same as it is entered: "2026-11-27 07:00", which no country reads otherwise and no browser writes in its own way. */
export function localInput(time: string | number): string {
  const options = { timeZone: zone(), dateStyle: "short", timeStyle: "medium" } as const;
  const ms = typeof time === "number" ? time : Date.parse(time);
  return new Intl.DateTimeFormat("sv-SE", options).format(ms).slice(0, 16);
}

/** The plant's time as it is now; that of this machine before the gateway has told it. */
export function nowThere(): number {
  return plantNow.peek() === 0 ? Date.now() : plantNow.peek();
}
