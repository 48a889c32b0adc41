import { useSignal } from "@preact/signals";
import type { RunningFault, SimulatorFault, SimulatorState } from "../../../domain/simulation.ts";
import { tell } from "../../api.ts";
import { simulatorWords } from "../../i18n/simulators.ts";
import { plantTime } from "../../plant-time.ts";
import { words } from "../../preferences.ts";
import { may } from "../../session.ts";
import { cells, devices } from "../../store.ts";
import { controlOf, Field } from "../../widgets/field.tsx";
import { PageTitle } from "../../widgets/page-title.tsx";
import { Sign } from "../../widgets/sign.tsx";
import { useAnswer } from "../../widgets/use-answer.ts";
import { faultMeaning, faultName } from "./fault-words.ts";
import { Setpoints } from "./setpoints.tsx";
import "./simulators.css";

type Group = SimulatorFault["group"];

const GROUPS: readonly Group[] = ["process", "instrument", "wire", "laboratory"];

/** Names of everything that a fault can strike, each with its kind. */
function targetsOf({ targets }: SimulatorFault): readonly (readonly [kind: string, id: string])[] {
  const all = devices.value;
  const connections = [...new Set(all.map(({ connection }) => connection))];
  return [
    ...(targets.includes("connection") ? connections.map((id) => ["connection", id] as const) : []),
    ...(targets.includes("device") ? all.map(({ device }) => ["device", device] as const) : []),
    ...(targets.includes("tag") ? cells.value.map(({ about }) => ["tag", about.tag] as const) : []),
  ];
}

function Target({ fault }: { readonly fault: SimulatorFault }) {
  if (fault.targets.length === 0) return null;
  return (
    <Field id="fault-target" label={simulatorWords.value.target}>
      <select {...controlOf("fault-target")} name="target" required>
        {targetsOf(fault).map(([kind, id]) => (
          <option key={`${kind} ${id}`} value={`${kind} ${id}`}>
            {id}
          </option>
        ))}
      </select>
    </Field>
  );
}

function Amount({ fault: { takesAmount, usualAmount } }: { readonly fault: SimulatorFault }) {
  const { amount, usual } = simulatorWords.value;
  if (!takesAmount) return null;
  const note = usualAmount === null ? null : usual(String(usualAmount));
  return (
    <Field id="fault-amount" label={amount} note={note}>
      <input {...controlOf("fault-amount")} name="amount" type="number" step="any" />
    </Field>
  );
}

/** What the form asks for; empty controls are left out. */
function wishOf(form: HTMLFormElement, fault: string): object {
  const data = new FormData(form);
  const text = (name: string): string => {
    const value = data.get(name);
    return typeof value === "string" ? value : "";
  };
  const [kind = "", id = ""] = text("target").split(" ");
  return {
    fault,
    ...(kind === "" ? {} : { [kind]: id }),
    ...(text("amount") === "" ? {} : { amount: Number(text("amount")) }),
    ...(text("minutes") === "" ? {} : { minutes: Number(text("minutes")) }),
  };
}

interface BringProps {
  readonly known: readonly SimulatorFault[];
  readonly onDone: () => void;
}

function Bring({ known, onDone }: BringProps) {
  const { bring, fault: label, group: groups, minutes, untilCleared, begin, refused } = simulatorWords.value;
  const chosen = useSignal("");
  const trouble = useSignal<string | null>(null);
  const fault = known.find((one) => one.fault === chosen.value) ?? known[0];
  if (fault === undefined) return null;
  async function submit(form: HTMLFormElement, name: string): Promise<void> {
    const told = await tell("POST", "/api/v1/simulators/faults", wishOf(form, name));
    trouble.value = "refused" in told ? told.refused : null;
    onDone();
  }
  return (
    <form
      class="panel simulator-form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(event.currentTarget, fault.fault);
      }}
    >
      <h2>{bring}</h2>
      <div class="simulator-fields">
        <Field id="fault-name" label={label}>
          <select
            {...controlOf("fault-name")}
            value={fault.fault}
            onChange={({ currentTarget }) => {
              chosen.value = currentTarget.value;
            }}
          >
            {GROUPS.map((group) => (
              <optgroup key={group} label={groups[group]}>
                {known
                  .filter((one) => one.group === group)
                  .map((one) => (
                    <option key={one.fault} value={one.fault}>
                      {faultName(one.fault)}
                    </option>
                  ))}
              </optgroup>
            ))}
          </select>
        </Field>
        <Target fault={fault} />
        <Amount fault={fault} />
        <Field id="fault-minutes" label={minutes} note={untilCleared}>
          <input {...controlOf("fault-minutes")} name="minutes" type="number" step="any" min="0.1" />
        </Field>
      </div>
      <p class="quiet">{faultMeaning(fault.fault, fault.meaning)}</p>
      <button type="submit" class="chip strong">
        {begin}
      </button>
      {trouble.value !== null && (
        <p role="alert" class="abnormal">
          {refused}: {trouble.value}
        </p>
      )}
    </form>
  );
}

interface RunningProps {
  readonly running: readonly RunningFault[];
  readonly onDone: () => void;
}

function Running({ running, onDone }: RunningProps) {
  const { running: title, none, since, until, clear, clearOne } = simulatorWords.value;
  async function end(id: number): Promise<void> {
    await tell("DELETE", `/api/v1/simulators/faults/${id}`);
    onDone();
  }
  return (
    <section>
      <h2>{title}</h2>
      {running.length === 0 && <p class="panel quiet">{none}</p>}
      <ul class="running">
        {running.map(({ id, fault, target, since: from, until: to }) => (
          <li key={id} class="panel">
            <strong>
              {faultName(fault)} {target}
            </strong>{" "}
            {since} {plantTime(from)}
            {to === null ? "" : `, ${until} ${plantTime(to)}`}{" "}
            {may("engineer") && (
              <button
                type="button"
                class="chip"
                aria-label={clearOne(faultName(fault), target ?? "")}
                onClick={() => void end(id)}
              >
                {clear}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Faults of the simulated plant, within a frame that nobody takes for the plant. */
export function SimulatorsPage() {
  const { title, notThePlant, away } = simulatorWords.value;
  const { value, trouble, reload } = useAnswer<SimulatorState>("/api/v1/simulators", 2_000);
  return (
    <div class="not-the-plant">
      <PageTitle text={title} />
      <p class="abnormal">
        <Sign kind="beware" /> {notThePlant}
      </p>
      {value === null && <p class="panel quiet">{trouble === null ? words.value.loading : away}</p>}
      {value !== null && <Running running={value.running} onDone={reload} />}
      {value !== null && may("engineer") && <Bring known={value.known} onDone={reload} />}
      {value !== null && value.setpoints.length > 0 && (
        <Setpoints setpoints={value.setpoints} onDone={reload} />
      )}
    </div>
  );
}
