import { computed, effect, signal } from "@preact/signals";
import { en } from "./i18n/en.ts";
import { esPE } from "./i18n/es-PE.ts";
import type { Words } from "./i18n/es-PE.ts";

export const LANGUAGES = { "es-PE": esPE, en } as const satisfies Record<string, Words>;
export type Language = keyof typeof LANGUAGES;

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** What this browser remembers; nothing where it may not store (a private window). */
function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The choice then lasts as long as the page, which is all that can be done.
  }
}

function choice<T extends string>(key: string, choices: readonly T[], first: T): T {
  const stored = remembered(key);
  return choices.find((one) => one === stored) ?? first;
}

export const language = signal<Language>(
  choice("puma.language", Object.keys(LANGUAGES) as Language[], "es-PE"),
);
export const theme = signal<Theme>(choice("puma.theme", THEMES, "system"));
/** Single keys lead to pages, unless somebody has switched them off. */
export const keysOn = signal(remembered("puma.keys") !== "off");
export const words = computed<Words>(() => LANGUAGES[language.value]);

/** Keeps the document and the browser's memory in step with the choices. */
export function applyPreferences(): void {
  const shown = language.peek();
  effect(() => {
    document.documentElement.lang = language.value;
    remember("puma.language", language.value);
    // What the page holds of the plant is in the other language: it is read anew.
    if (language.value !== shown) location.reload();
  });
  effect(() => {
    if (theme.value === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme.value;
    remember("puma.theme", theme.value);
  });
  effect(() => remember("puma.keys", keysOn.value ? "on" : "off"));
}
