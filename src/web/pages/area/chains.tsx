import { isStanding, isUnacknowledged } from "../../alarm-store.ts";
import type { AlarmAnswer } from "../../api.ts";
import { alarmLineWords } from "../../i18n/alarm-line.ts";
import { areaWords } from "../../i18n/area.ts";
import { useAllAlarms } from "../../widgets/item-alarms.ts";
import { Mark } from "../../widgets/mark.tsx";
import { PriorityMark } from "../../widgets/priority-mark.tsx";

/** A member of a chain: grey while it is well, and marked when it was the first. */
function Member({ alarm }: { readonly alarm: AlarmAnswer }) {
  const texts = alarmLineWords.value;
  const { title, priority, state, firstOut } = alarm;
  const isOn = isStanding(alarm);
  return (
    <li
      class={`chain-member ${isOn ? "on" : ""} ${firstOut === "first" ? "first" : ""}`}
      data-alarm={alarm.alarm}
    >
      {isOn ? (
        <PriorityMark priority={priority} isFilled={isUnacknowledged(alarm)} />
      ) : (
        <Mark kind="normal" />
      )}
      <span class="chain-title">{title}</span>
      <span class="quiet chain-state">
        {texts.state[state]}
        {isOn && firstOut !== null && <strong> · {texts[firstOut]}</strong>}
      </span>
    </li>
  );
}

/** The interlocks of an area in their groups. Whatever trips first brings the others with it: it is named. */
export function Chains({ area }: { readonly area: string }) {
  const { chains, chain } = areaWords.value;
  const grouped = useAllAlarms().filter(({ group }) => group !== null);
  const groups = Map.groupBy(grouped, ({ group }) => group ?? "");
  const own = [...groups].filter(([, members]) => members.some((one) => one.area === area));
  if (own.length === 0) return null;
  return (
    <section class="panel chains" aria-label={chains}>
      <h2>{chains}</h2>
      {own.map(([group, members]) => (
        <div key={group} class="chain" data-group={group}>
          <h3>{chain(group)}</h3>
          <ul class="chain-members">
            {members.map((alarm) => (
              <Member key={alarm.alarm} alarm={alarm} />
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
