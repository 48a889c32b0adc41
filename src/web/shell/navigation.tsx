import { computed, signal } from "@preact/signals";
import { SIMULATORS_PATH } from "../../domain/page-paths.ts";
import type { PagePath } from "../../domain/page-paths.ts";
import type { Role } from "../../domain/people.ts";
import { shellWords } from "../i18n/shell.ts";
import { place } from "../router.ts";
import { may } from "../session.ts";
import { areas, plant } from "../store.ts";
import { areaAddress, areaName } from "../widgets/area-name.ts";

/** A place that the navigation leads to. */
export interface Entry {
  readonly href: string;
  readonly text: string;
  /** Leads there from anywhere; null where no key is left. */
  readonly key: string | null;
  readonly isHere: boolean;
}

type PageName = keyof typeof shellWords.value.page;

interface Plain {
  readonly page: PagePath;
  readonly name: PageName;
  readonly key: string | null;
  /** Shown to those who may use it. */
  readonly role?: Role;
}

/** Above the areas, and below them. The keys are the same in both languages. */
const FIRST: readonly Plain[] = [
  { page: "/", name: "overview", key: "0" },
  { page: "/alarms", name: "alarms", key: "a" },
];
const REST: readonly Plain[] = [
  { page: "/trends", name: "trends", key: "g" },
  { page: "/balance", name: "balance", key: "b" },
  { page: "/report", name: "reports", key: "r" },
  { page: "/assays", name: "assays", key: "e" },
  { page: "/lots", name: "records", key: "l" },
  { page: "/tags", name: "tags", key: "t" },
  { page: "/devices", name: "devices", key: "d" },
  { page: "/configuration", name: "configuration", key: "c" },
  { page: "/simulators", name: "simulators", key: "x" },
  { page: "/users", name: "users", key: "u", role: "admin" },
];

const AREA_KEYS = "123456789";

function entryOf({ page, name, key }: Plain): Entry {
  const isHere = place.value.page === page;
  return { href: page, text: shellWords.value.page[name], key, isHere };
}

function areaEntry(area: string, index: number): Entry {
  const { page, params } = place.value;
  const isHere = page === "/area/:area" && params["area"] === area;
  return { href: areaAddress(area), text: areaName(area), key: AREA_KEYS[index] ?? null, isHere };
}

/** What the navigation leads to, in groups. */
export const entries = computed<readonly (readonly Entry[])[]>(() => [
  FIRST.map(entryOf),
  areas.value.map(areaEntry),
  REST.filter(({ role = "viewer" }) => may(role))
    .filter(({ page }) => page !== SIMULATORS_PATH || plant.value?.simulators === true)
    .map(entryOf),
]);

const isOpen = signal(false);

function Link({ entry: { href, text, key, isHere } }: { readonly entry: Entry }) {
  return (
    <a
      href={href}
      class="nav-link"
      aria-current={isHere ? "page" : undefined}
      aria-keyshortcuts={key ?? undefined}
      onClick={() => {
        isOpen.value = false;
      }}
    >
      <span class="nav-text">{text}</span>
      {key !== null && (
        <kbd class="nav-key" aria-hidden="true">
          {key}
        </kbd>
      )}
    </a>
  );
}

/** The pages of the control room: a rail at the left, a menu where the screen is narrow. */
export function Navigation() {
  const { menu, navigation } = shellWords.value;
  return (
    <nav class={`rail ${isOpen.value ? "open" : ""}`} aria-label={navigation}>
      <button
        type="button"
        class="rail-button"
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        {menu}
      </button>
      <div class="rail-groups">
        {entries.value.map((group, index) => (
          <ul class="rail-group" key={index}>
            {group.map((entry) => (
              <li key={entry.href}>
                <Link entry={entry} />
              </li>
            ))}
          </ul>
        ))}
      </div>
    </nav>
  );
}
