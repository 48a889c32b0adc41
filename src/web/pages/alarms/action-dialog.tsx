import { useSignal } from "@preact/signals";
import type { AlarmAction } from "../../../domain/alarm.ts";
import type { AlarmAnswer } from "../../api.ts";
import { alarmWords } from "../../i18n/alarms.ts";
import { Dialog } from "../../widgets/dialog.tsx";
import { controlOf, Field } from "../../widgets/field.tsx";
import { act, restoreLimit, setLimit } from "./alarm-actions.ts";

export type Asked = AlarmAction | "set-limit" | "restore-limit";

/** Something that is asked for before it is done. */
interface Question {
  readonly name: "minutes" | "limit" | "low" | "high" | "reason" | "second";
  readonly label: string;
  readonly unit: string | null;
  readonly isOptional: boolean;
}

type Answers = Readonly<Partial<Record<Question["name"], string>>>;

function limitQuestions({ setting, unit }: AlarmAnswer): Question[] {
  const { newLimit, low, high } = alarmWords.value;
  const plain = { unit, isOptional: false };
  if (setting?.band == null)
    return [
      { ...plain, name: "limit", label: newLimit, unit: typeof setting?.limit === "string" ? "%" : unit },
    ];
  return [
    { ...plain, name: "low", label: low },
    { ...plain, name: "high", label: high },
  ];
}

/** A note, a reason, for how long, a second person, a limit: what this action needs. */
function questionsOf(alarm: AlarmAnswer, action: Asked): readonly Question[] {
  const { note, why, forMinutes, second } = alarmWords.value;
  const isNote = !["shelve", "suppress", "out-of-service", "set-limit", "restore-limit"].includes(action);
  const reason: Question = { name: "reason", label: isNote ? note : why, unit: null, isOptional: isNote };
  if (action === "set-limit") return [...limitQuestions(alarm), reason];
  if (action !== "shelve") return [reason];
  const minutes: Question = { name: "minutes", label: forMinutes, unit: "min", isOptional: false };
  const other: Question = { name: "second", label: second, unit: null, isOptional: false };
  return alarm.priority === 1 ? [minutes, reason, other] : [minutes, reason];
}

function presetsOf({ setting }: AlarmAnswer): Answers {
  const [low, high] = setting?.band ?? [];
  const limit = String(setting?.limit ?? "").replace("%", "");
  return { minutes: "60", limit, low: String(low ?? ""), high: String(high ?? "") };
}

function perform(alarm: AlarmAnswer, action: Asked, answers: Answers): Promise<string | null> {
  const reason = answers.reason?.trim() ?? "";
  const given = reason === "" ? {} : { reason };
  if (action === "restore-limit") return restoreLimit(alarm.alarm, reason);
  if (action === "set-limit") return setLimit(alarm.alarm, { ...given, ...settingOf(alarm, answers) });
  if (action !== "shelve") return act(alarm.alarm, action, given);
  const second = answers.second?.trim() ?? "";
  const who = second === "" ? {} : { secondPerson: second };
  return act(alarm.alarm, action, { ...given, ...who, minutes: Number(answers.minutes) });
}

/** As the plant file writes it: a number, a percentage or a band. */
function settingOf({ setting }: AlarmAnswer, { limit = "", low = "", high = "" }: Answers): object {
  if (setting?.band != null) return { band: [Number(low), Number(high)] };
  const isShare = typeof setting?.limit === "string";
  return { limit: isShare ? `${limit.replace("%", "").trim()}%` : Number(limit) };
}

interface ActionDialogProps {
  readonly alarm: AlarmAnswer;
  readonly action: Asked;
  readonly title: string;
  readonly onClose: () => void;
}

/** Asks for what an action needs, does it, and says why where it is refused. */
export function ActionDialog({ alarm, action, title, onClose }: ActionDialogProps) {
  const { optional, refused, confirm } = alarmWords.value;
  const answers = useSignal<Answers>(presetsOf(alarm));
  const fault = useSignal<string | null>(null);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    fault.value = await perform(alarm, action, answers.value);
    if (fault.value === null) onClose();
  };
  return (
    <Dialog title={`${title}: ${alarm.alarm}`} onClose={onClose}>
      <form class="alarm-form" onSubmit={(event) => void submit(event)}>
        {questionsOf(alarm, action).map(({ name, label, unit, isOptional }) => (
          <Field
            key={name}
            id={`alarm-${name}`}
            label={label}
            unit={unit}
            note={isOptional ? optional : null}
          >
            <input
              {...controlOf(`alarm-${name}`)}
              required={!isOptional}
              maxLength={300}
              value={answers.value[name] ?? ""}
              onInput={({ currentTarget }) => {
                answers.value = { ...answers.value, [name]: currentTarget.value };
              }}
            />
          </Field>
        ))}
        {fault.value !== null && (
          <p class="abnormal" role="alert">
            {refused}: {fault.value}
          </p>
        )}
        <button type="submit" class="chip">
          {confirm}
        </button>
      </form>
    </Dialog>
  );
}
