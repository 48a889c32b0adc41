import { useSignal } from "@preact/signals";
import type { SimulatorSetpoint } from "../../../domain/simulation.ts";
import { tell } from "../../api.ts";
import { decimalsFor, formatNumber } from "../../format.ts";
import { simulatorWords } from "../../i18n/simulators.ts";
import { words } from "../../preferences.ts";
import { may } from "../../session.ts";
import { withUnit } from "../../store.ts";
import { controlOf } from "../../widgets/field.tsx";
import { Table } from "../../widgets/table.tsx";
import type { Column } from "../../widgets/table.tsx";
import { setpointTitle } from "./fault-words.ts";

interface SetpointsProps {
  readonly setpoints: readonly SimulatorSetpoint[];
  readonly onDone: () => void;
}

function inUnit({ unit, low, high }: SimulatorSetpoint, ...values: number[]): string {
  const number = (value: number): string =>
    formatNumber(
      value,
      unit === null ? 0 : decimalsFor({ range: [low, high], unit }, value),
      words.value.locale,
    );
  return withUnit(values.map(number).join(" – "), unit);
}

/** A new value and the button that sends it. Emptied once it was taken. */
function SetForm({ about, onDone }: { readonly about: SimulatorSetpoint; readonly onDone: () => void }) {
  const { set, setOne, refused } = simulatorWords.value;
  const { setpoint, low, high } = about;
  const value = useSignal("");
  const trouble = useSignal<string | null>(null);
  async function submit(): Promise<void> {
    const body = { setpoint, value: Number(value.value) };
    const told = await tell("POST", "/api/v1/simulators/setpoints", body);
    trouble.value = "refused" in told ? told.refused : null;
    if ("answer" in told) value.value = "";
    onDone();
  }
  return (
    <form
      class="setting-form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <input
        {...controlOf(`set-${setpoint}`, trouble.value)}
        aria-label={setOne(setpoint)}
        type="number"
        step="any"
        min={low}
        max={high}
        required
        value={value.value}
        onInput={({ currentTarget }) => {
          value.value = currentTarget.value;
        }}
      />
      <button type="submit" class="chip">
        {set}
      </button>
      {trouble.value !== null && (
        <span role="alert" class="abnormal" id={`set-${setpoint}-fault`}>
          {refused}: {trouble.value}
        </span>
      )}
    </form>
  );
}

/** What an operator of the simulated plant has set, and sets. */
export function Setpoints({ setpoints, onDone }: SetpointsProps) {
  const { setpoints: title, setpoint, now, from, toSet, none } = simulatorWords.value;
  const columns: readonly Column<SimulatorSetpoint>[] = [
    {
      name: "setpoint",
      title: setpoint,
      class: "wrap",
      cell: (one) => (
        <>
          <strong>{one.setpoint}</strong> {setpointTitle(one.setpoint, one.title)}
        </>
      ),
    },
    { name: "now", title: now, isNumber: true, cell: (one) => inUnit(one, one.value) },
    { name: "range", title: from, isNumber: true, cell: (one) => inUnit(one, one.low, one.high) },
    ...(may("engineer")
      ? [
          {
            name: "set",
            title: toSet,
            cell: (one: SimulatorSetpoint) => <SetForm about={one} onDone={onDone} />,
          },
        ]
      : []),
  ];
  return (
    <section>
      <h2>{title}</h2>
      <Table label={title} columns={columns} rows={setpoints} keyOf={(one) => one.setpoint} empty={none} />
    </section>
  );
}
