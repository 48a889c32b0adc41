import { formatDate, formatNumber, formatOffset, formatTime } from "../format.ts";
import { language, LANGUAGES, theme, THEMES, words } from "../preferences.ts";
import type { Language, Theme } from "../preferences.ts";
import { me } from "../session.ts";
import { link, plant, plantNow } from "../store.ts";
import { Mark } from "../widgets/mark.tsx";
import { AlarmCounts } from "./alarm-counts.tsx";
import { Horn } from "./horn.tsx";
import { KeysButton } from "./keys.tsx";
import { Who } from "./who.tsx";

const LANGUAGE_LABELS: Readonly<Record<Language, string>> = { "es-PE": "ES", en: "EN" };

function PlantClock() {
  const { locale, plantTime, hurried } = words.value;
  const about = plant.value;
  if (about === null || plantNow.value === 0) return null;
  const { timeZone, speed } = about;
  return (
    <div class="clock" role="group" aria-label={plantTime}>
      <time>{formatTime(plantNow.value, timeZone, locale)}</time>
      <span class="quiet">
        {formatDate(plantNow.value, timeZone, locale)} · {timeZone} ({formatOffset(plantNow.value, timeZone)})
      </span>
      {speed !== 1 && <strong class="hurried">{hurried(formatNumber(speed, 0, locale))}</strong>}
    </div>
  );
}

/** Whether the page hears the gateway. */
function LinkState() {
  const kind = { live: "normal", connecting: "waiting", lost: "failed" } as const;
  return (
    <div class={`link-state ${link.value}`} role="status">
      <Mark kind={kind[link.value]} /> {words.value.link[link.value]}
    </div>
  );
}

const THEME_PATHS: Readonly<Record<Theme, string>> = {
  system: "M2 3h12v8H2zM6 14h4M8 11v3",
  light:
    "M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8 13 13M3 13l1.2-1.2M11.8 4.2 13 3",
  dark: "M13.4 9.6A5.8 5.8 0 0 1 6.4 2.6 5.8 5.8 0 1 0 13.4 9.6z",
};

function ThemeIcon({ theme: shown }: { readonly theme: Theme }) {
  return (
    <svg class="theme-icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={THEME_PATHS[shown]} />
    </svg>
  );
}

export function Choices() {
  const { language: languageLabel, theme: themeWords } = words.value;
  const nextTheme = (): Theme => THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? "system";
  return (
    <div class="choices">
      <div class="segments" role="group" aria-label={languageLabel}>
        {(Object.keys(LANGUAGES) as Language[]).map((one) => (
          <button
            type="button"
            key={one}
            lang={one}
            aria-pressed={language.value === one}
            onClick={() => {
              language.value = one;
            }}
          >
            {LANGUAGE_LABELS[one]}
          </button>
        ))}
      </div>
      <button
        type="button"
        class="theme"
        title={`${themeWords.label}: ${themeWords[theme.value]}`}
        aria-label={`${themeWords.label}: ${themeWords[theme.value]}`}
        onClick={() => {
          theme.value = nextTheme();
        }}
      >
        <ThemeIcon theme={theme.value} />
      </button>
      {me.value !== null && <KeysButton />}
    </div>
  );
}

export function Header() {
  return (
    <header class="top">
      <p class="plant-title" title={plant.value?.title}>
        {plant.value?.title ?? "Puma Gateway"}
      </p>
      <LinkState />
      <AlarmCounts />
      <Horn />
      <PlantClock />
      <Choices />
      <Who />
    </header>
  );
}
