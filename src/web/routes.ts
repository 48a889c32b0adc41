import type { ComponentType } from "preact";
import type { PagePath } from "../domain/page-paths.ts";

/** Each page is fetched when somebody goes there first. */
export const PAGES: Readonly<Record<PagePath, () => Promise<ComponentType>>> = {
  "/": async () => (await import("./pages/overview/overview-page.tsx")).OverviewPage,
  "/login": async () => (await import("./pages/people/account-page.tsx")).AccountPage,
  "/users": async () => (await import("./pages/people/users-page.tsx")).UsersPage,
  "/alarms": async () => (await import("./pages/alarms/active-page.tsx")).ActivePage,
  "/alarms/shelved": async () => (await import("./pages/alarms/aside-pages.tsx")).ShelvedPage,
  "/alarms/suppressed": async () => (await import("./pages/alarms/aside-pages.tsx")).SuppressedPage,
  "/alarms/history": async () => (await import("./pages/alarms/history-page.tsx")).HistoryPage,
  "/alarms/performance": async () => (await import("./pages/alarms/performance-page.tsx")).PerformancePage,
  "/area/:area": async () => (await import("./pages/area/area-page.tsx")).AreaPage,
  "/equipment/:id": async () => (await import("./pages/item/equipment-page.tsx")).EquipmentPage,
  "/tag/:tag": async () => (await import("./pages/item/tag-page.tsx")).TagPage,
  "/tags": async () => (await import("./pages/tags/tags-page.tsx")).TagsPage,
  "/trends": async () => (await import("./pages/trends/trends-page.tsx")).TrendsPage,
  "/simulators": async () => (await import("./pages/simulators/simulators-page.tsx")).SimulatorsPage,
  "/balance": async () => (await import("./pages/balance/balance-page.tsx")).BalancePage,
  "/assays": async () => (await import("./pages/assays/assays-page.tsx")).AssaysPage,
  "/lots": async () => (await import("./pages/records/records-page.tsx")).RecordsPage,
  "/records/:kind": async () => (await import("./pages/records/records-page.tsx")).RecordsPage,
  "/devices": async () => (await import("./pages/devices/devices-page.tsx")).DevicesPage,
  "/configuration": async () =>
    (await import("./pages/configuration/configuration-page.tsx")).ConfigurationPage,
  "/report": async () => (await import("./pages/report/list-page.tsx")).ReportListPage,
  "/report/:date/:shift": async () => (await import("./pages/report/report-page.tsx")).ReportPage,
};
