import type { Signal } from "@preact/signals";
import type { AlarmPriority } from "../../../domain/alarm.ts";
import { alarms, PRIORITIES } from "../../alarm-store.ts";
import { alarmWords } from "../../i18n/alarms.ts";
import { shellWords } from "../../i18n/shell.ts";
import type { AlarmFilter } from "./alarm-list.ts";
import { areaText } from "./alarm-text.ts";

interface ChoiceProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  /** Value and text, that of no filter first. */
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChoose: (value: string) => void;
}

export function Choice({ id, label, value, options, onChoose }: ChoiceProps) {
  return (
    <span class="field">
      <label for={id} class="visually-hidden">
        {label}
      </label>
      <select id={id} value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        {options.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </span>
  );
}

/** By area, priority and state. */
export function AlarmFilters({ filter }: { readonly filter: Signal<AlarmFilter> }) {
  const { anyArea, anyPriority, anyState, column, priority, unacknowledged, acknowledged } = alarmWords.value;
  const areas = [...new Set(Array.from(alarms.value.values(), ({ area }) => area))].toSorted();
  const { area, priority: wanted, isUnacknowledged } = filter.value;
  const set = (change: Partial<AlarmFilter>): void => void (filter.value = { ...filter.peek(), ...change });
  return (
    <div class="alarm-filters" role="search">
      <Choice
        id="alarm-area"
        label={column.area}
        value={area ?? "*"}
        options={[["*", anyArea], ...areas.map((one) => [one, areaText(one)] as const)]}
        onChoose={(value) => set({ area: value === "*" ? null : value })}
      />
      <Choice
        id="alarm-priority"
        label={priority}
        value={String(wanted ?? "*")}
        options={[
          ["*", anyPriority],
          ...PRIORITIES.map((one) => [String(one), shellWords.value.priority[one]] as const),
        ]}
        onChoose={(value) => set({ priority: value === "*" ? null : (Number(value) as AlarmPriority) })}
      />
      <Choice
        id="alarm-state"
        label={column.state}
        value={String(isUnacknowledged ?? "*")}
        options={[
          ["*", anyState],
          ["true", unacknowledged],
          ["false", acknowledged],
        ]}
        onChoose={(value) => set({ isUnacknowledged: value === "*" ? null : value === "true" })}
      />
    </div>
  );
}
