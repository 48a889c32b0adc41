import type { ComponentType } from "preact";
import type { PagePath } from "../domain/page-paths.ts";

/** Each page is fetched when somebody goes there first. */
export const PAGES: Readonly<Record<PagePath, () => Promise<ComponentType>>> = {
  "/": async () => (await import("./pages/overview/overview-page.tsx")).OverviewPage,
  "/tags": async () => (await import("./pages/tags/tags-page.tsx")).TagsPage,
};
