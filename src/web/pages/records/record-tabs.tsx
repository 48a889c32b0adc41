import { RECORD_WORDS } from "../../i18n/records.ts";
import { language } from "../../preferences.ts";
import { Tabs } from "../../widgets/tabs.tsx";
import { FORM_KINDS, placeOf } from "./forms.ts";
import type { FormKind } from "./forms.ts";

/** The ways to everything that people enter. */
export function RecordTabs({ here }: { readonly here: FormKind }) {
  const { what, kind: names } = RECORD_WORDS[language.value];
  const tabs = FORM_KINDS.map((one) => ({ href: placeOf(one), text: names[one], isHere: one === here }));
  return <Tabs label={what} tabs={tabs} />;
}
