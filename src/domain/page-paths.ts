/** Where the control room can be entered, in the notation of the HTTP routes. The gateway answers each of these with the
 *  page; the page itself knows what to show there. */
export const PAGE_PATHS = [
  "/",
  "/alarms",
  "/alarms/shelved",
  "/alarms/suppressed",
  "/alarms/history",
  "/alarms/performance",
  "/area/:area",
  "/equipment/:id",
  "/tag/:tag",
  "/tags",
  "/trends",
  "/balance",
  "/assays",
  "/lots",
  "/records/:kind",
  "/devices",
  "/configuration",
  "/report",
  "/report/:date/:shift",
  "/login",
  "/users",
] as const;
/** There only where the gateway was started for simulators. */
export const SIMULATORS_PATH = "/simulators";
export type PagePath = (typeof PAGE_PATHS)[number] | typeof SIMULATORS_PATH;
