import { useSignal } from "@preact/signals";
import type { AlarmAnswer } from "../../api.ts";
import { ALARM_ROLES } from "../../../domain/alarm.ts";
import type { Role } from "../../../domain/people.ts";
import { formatNumber } from "../../format.ts";
import { alarmWords } from "../../i18n/alarms.ts";
import { words } from "../../preferences.ts";
import { may } from "../../session.ts";
import { cellOf } from "../../store.ts";
import { TrendChart } from "../../widgets/chart/trend-chart.tsx";
import { Sign } from "../../widgets/sign.tsx";
import { ActionDialog } from "./action-dialog.tsx";
import type { Asked } from "./action-dialog.tsx";
import { refusal } from "./alarm-actions.ts";
import { actionsOf } from "./alarm-list.ts";
import { settingText } from "./alarm-text.ts";

const ROLES: Readonly<Record<Asked, Role>> = {
  ...ALARM_ROLES,
  "set-limit": "engineer",
  "restore-limit": "engineer",
};

export function actionName(action: Asked): string {
  const { value } = alarmWords;
  const names: Readonly<Record<Asked, string>> = {
    acknowledge: value.acknowledge,
    reset: value.reset,
    shelve: value.shelve,
    unshelve: value.unshelve,
    suppress: value.suppress,
    unsuppress: value.unsuppress,
    "out-of-service": value.outOfService,
    "return-to-service": value.returnToService,
    "set-limit": value.setLimit,
    "restore-limit": value.restoreLimit,
  };
  return names[action];
}

function offered(alarm: AlarmAnswer): Asked[] {
  const limits: Asked[] = alarm.setting === null ? [] : ["set-limit"];
  if (alarm.setting?.isChanged === true) limits.push("restore-limit");
  return [...(actionsOf(alarm) as Asked[]), ...limits].filter((action) => may(ROLES[action]));
}

/** What may be done with an alarm; each asks for what it needs first. */
export function Actions({ alarm }: { readonly alarm: AlarmAnswer }) {
  const asked = useSignal<Asked | null>(null);
  return (
    <div class="chips">
      {offered(alarm).map((action) => (
        <button
          type="button"
          key={action}
          class={action === "acknowledge" ? "chip first" : "chip"}
          onClick={() => {
            asked.value = action;
          }}
        >
          {actionName(action)}
        </button>
      ))}
      {asked.value !== null && (
        <ActionDialog
          key={asked.value}
          alarm={alarm}
          action={asked.value}
          title={actionName(asked.value)}
          onClose={() => {
            asked.value = null;
          }}
        />
      )}
    </div>
  );
}

function timeText({ timeToRespondS }: AlarmAnswer): string {
  const { minutes, notSaid } = alarmWords.value;
  return timeToRespondS === null
    ? notSaid
    : minutes(formatNumber(timeToRespondS / 60, 0, words.value.locale));
}

function Setting({ alarm: { setting } }: { readonly alarm: AlarmAnswer }) {
  if (setting?.isChanged !== true) return null;
  const { differs, changedBy } = alarmWords.value;
  return (
    <p class="quiet">
      <Sign kind="differs" /> {differs(settingText(setting.planned))}
      {setting.change !== null && ` · ${changedBy(setting.change.by ?? "", setting.change.reason)}`}
    </p>
  );
}

/** What the chosen alarm means, what to do and how soon, and what its instrument has shown. */
export function AlarmDetail({ alarm }: { readonly alarm: AlarmAnswer }) {
  const { chosen, consequence, response, timeToRespond, trend, trendOf, by } = alarmWords.value;
  const hasTrend = cellOf(alarm.on) !== null;
  return (
    <section class="panel alarm-detail" aria-label={chosen}>
      <div class="alarm-words">
        <h2>
          {alarm.alarm} · {alarm.title}
        </h2>
        <dl>
          <dt>{consequence}</dt>
          <dd>{alarm.consequence}</dd>
          <dt>{response}</dt>
          <dd>
            <strong>{alarm.response}</strong>
          </dd>
          <dt>{timeToRespond}</dt>
          <dd>{timeText(alarm)}</dd>
        </dl>
        <Setting alarm={alarm} />
        {alarm.by !== null && (
          <p class="quiet">
            {alarmWords.value.state[alarm.state]} {by(alarm.by)}
            {alarm.reason !== null && `: ${alarm.reason}`}
          </p>
        )}
        <Actions alarm={alarm} />
        {refusal.value !== null && (
          <p class="abnormal" role="status">
            {refusal.value}
          </p>
        )}
      </div>
      {hasTrend && (
        <div class="alarm-trend">
          <TrendChart label={trendOf(alarm.on)} tags={[alarm.on]} hours={1} height={150} />
          <a href={`/trends?tags=${encodeURIComponent(alarm.on)}`}>
            {trend}: {alarm.on}
          </a>
        </div>
      )}
    </section>
  );
}
