import type { ComponentChildren } from "preact";
import { alarmWords } from "../../i18n/alarms.ts";
import { place } from "../../router.ts";
import { PageTitle } from "../../widgets/page-title.tsx";
import { Tabs } from "../../widgets/tabs.tsx";
import "./alarms.css";

const PARTS = [
  ["/alarms", "active"],
  ["/alarms/shelved", "shelved"],
  ["/alarms/suppressed", "suppressed"],
  ["/alarms/history", "history"],
  ["/alarms/performance", "performance"],
] as const;

type Part = (typeof PARTS)[number][1];

/** The head that all parts of the alarms have in common. */
export function AlarmsFrame({
  part,
  children,
}: {
  readonly part: Part;
  readonly children: ComponentChildren;
}) {
  const { title, tabs, tabsLabel } = alarmWords.value;
  const entries = PARTS.map(([href, name]) => ({
    href,
    text: tabs[name],
    isHere: place.value.path === href,
  }));
  return (
    <>
      <div class="page-head">
        <PageTitle text={`${title}: ${tabs[part]}`} />
        <Tabs label={tabsLabel} tabs={entries} />
      </div>
      {children}
    </>
  );
}
