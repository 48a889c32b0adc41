import type { AlarmAnswer } from "../../api.ts";
import { isUnacknowledged } from "../../alarm-store.ts";
import { alarmWords } from "../../i18n/alarms.ts";
import { shellWords } from "../../i18n/shell.ts";
import { PriorityMark } from "../../widgets/priority-mark.tsx";
import { Sign } from "../../widgets/sign.tsx";
import { areaText, limitText, momentText, settingText, valueText } from "./alarm-text.ts";

export function AlarmHead() {
  const { column } = alarmWords.value;
  return (
    <thead>
      <tr>
        <th scope="col">{column.alarm}</th>
        <th scope="col">{column.state}</th>
        <th scope="col">{column.since}</th>
        <th scope="col" class="number">
          {column.value}
        </th>
        <th scope="col" class="number">
          {column.limit}
        </th>
        <th scope="col">{column.area}</th>
        <th scope="col">{column.firstOut}</th>
      </tr>
    </thead>
  );
}

interface AlarmRowProps {
  readonly alarm: AlarmAnswer;
  readonly isChosen: boolean;
  readonly onChoose: (alarm: string) => void;
}

/** One alarm: priority by shape, number and colour, and everything else in words. */
export function AlarmRow({ alarm, isChosen, onChoose }: AlarmRowProps) {
  const { state, firstOut } = alarmWords.value;
  const isOpen = isUnacknowledged(alarm);
  return (
    <tr
      class={`alarm-row ${isOpen ? "open" : ""} ${isChosen ? "chosen" : ""}`}
      data-alarm={alarm.alarm}
      onClick={() => onChoose(alarm.alarm)}
    >
      <th scope="row">
        <button
          type="button"
          class="alarm-name"
          aria-pressed={isChosen}
          onClick={() => onChoose(alarm.alarm)}
        >
          <PriorityMark priority={alarm.priority} isFilled={isOpen} />
          <span class="visually-hidden">{shellWords.value.priority[alarm.priority]}</span>
          <strong>{alarm.alarm}</strong> <span class="alarm-title">{alarm.title}</span>
        </button>
      </th>
      <td>{state[alarm.state]}</td>
      <td>{momentText(alarm.since)}</td>
      <td class="number">
        <strong>{valueText(alarm)}</strong>
      </td>
      <td class="number">
        {limitText(alarm)}
        {alarm.setting?.isChanged === true && <Differs from={settingText(alarm.setting.planned)} />}
      </td>
      <td>{areaText(alarm.area)}</td>
      <td>
        {alarm.firstOut === null ? (
          ""
        ) : (
          <span class={`order-${alarm.firstOut}`}>{firstOut[alarm.firstOut]}</span>
        )}
      </td>
    </tr>
  );
}

/** Somebody has set the limit otherwise than the plant file has it. */
function Differs({ from }: { readonly from: string }) {
  const text = alarmWords.value.differs(from);
  return (
    <span role="img" aria-label={text} title={text}>
      {" "}
      <Sign kind="differs" />
    </span>
  );
}
