import { signal } from "@preact/signals";
import { PAGE_PATHS, SIMULATORS_PATH } from "../domain/page-paths.ts";
import type { PagePath } from "../domain/page-paths.ts";

/** Where the reader is. */
export interface Place {
  /** Null where there is no page. */
  readonly page: PagePath | null;
  readonly path: string;
  /** By the names in the path, such as the area of `/area/:area`. */
  readonly params: Readonly<Record<string, string>>;
  readonly search: URLSearchParams;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function paramsOf(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (part.startsWith(":") && value !== "") params[part.slice(1)] = decoded(value);
    else if (part !== value) return null;
  }
  return params;
}

/** What an address within the page means. */
export function readPlace(href: string): Place {
  const { pathname, searchParams: search } = new URL(href, "http://page");
  for (const page of [...PAGE_PATHS, SIMULATORS_PATH] as const) {
    const params = paramsOf(page, pathname);
    if (params !== null) return { page, path: pathname, params, search };
  }
  return { page: null, path: pathname, params: {}, search };
}

export const place = signal<Place>(readPlace(location.href));

/** Goes to a page without loading the document anew. `replace` leaves no step to go back to: for what a page itself
 *  writes into its address. */
export function go(href: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, "", href);
  else history.pushState(null, "", href);
  place.value = readPlace(location.href);
}

/** With a key held, or another button, a click is the browser's. */
function isPlain(event: MouseEvent): boolean {
  const isKeyHeld = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  return !event.defaultPrevented && event.button === 0 && !isKeyHeld;
}

/** The address of the link that was clicked, where it is one of our own pages. */
function linkOf(event: MouseEvent): string | null {
  const anchor = (event.target as Element | null)?.closest("a") ?? null;
  if (anchor === null || anchor.target !== "" || anchor.hasAttribute("download")) return null;
  const href = anchor.getAttribute("href") ?? "";
  return href.startsWith("/") && readPlace(href).page !== null ? href : null;
}

/** Follows the links of the page and the browser's back and forward. */
export function startRouter(): void {
  addEventListener("popstate", () => {
    place.value = readPlace(location.href);
  });
  document.addEventListener("click", (event) => {
    const href = isPlain(event) ? linkOf(event) : null;
    if (href === null) return;
    event.preventDefault();
    go(href);
  });
}
