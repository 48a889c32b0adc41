import type { Signal } from "@preact/signals";
import { peopleWords } from "../i18n/people.ts";
import { controlOf, Field } from "../widgets/field.tsx";

/** As the gateway has it. */
const PASSWORD_LENGTH_MIN = 12;

interface InputProps {
  readonly id: string;
  readonly value: Signal<string>;
  readonly autocomplete: "username" | "current-password" | "new-password" | "off";
  readonly label?: string;
  readonly note?: string;
}

export function NameField({ id, value, autocomplete }: InputProps) {
  return (
    <Field id={id} label={peopleWords.value.name}>
      <input
        {...controlOf(id)}
        type="text"
        required
        maxLength={64}
        autocomplete={autocomplete}
        autocapitalize="none"
        spellcheck={false}
        value={value.value}
        onInput={({ currentTarget }) => {
          value.value = currentTarget.value;
        }}
      />
    </Field>
  );
}

export function PasswordField({ id, value, autocomplete, label, note }: InputProps) {
  return (
    <Field id={id} label={label ?? peopleWords.value.password} note={note ?? null}>
      <input
        {...controlOf(id)}
        type="password"
        required
        maxLength={200}
        autocomplete={autocomplete}
        value={value.value}
        onInput={({ currentTarget }) => {
          value.value = currentTarget.value;
        }}
      />
    </Field>
  );
}

interface NewPasswordProps {
  readonly id: string;
  readonly password: Signal<string>;
  readonly again: Signal<string>;
}

/** A new password, twice, because nobody sees what was typed. */
export function NewPassword({ id, password, again }: NewPasswordProps) {
  const { newPassword, passwordHint, again: againLabel } = peopleWords.value;
  return (
    <>
      <PasswordField
        id={`${id}-password`}
        value={password}
        autocomplete="new-password"
        label={newPassword}
        note={passwordHint(PASSWORD_LENGTH_MIN)}
      />
      <PasswordField id={`${id}-again`} value={again} autocomplete="new-password" label={againLabel} />
    </>
  );
}

/** What is wrong with a new password as far as the page can tell. */
export function newPasswordFault(password: string, again: string): string | null {
  const { tooShort, different } = peopleWords.value;
  if (Array.from(password).length < PASSWORD_LENGTH_MIN) return tooShort(PASSWORD_LENGTH_MIN);
  return password === again ? null : different;
}

export function FormFault({ text }: { readonly text: string | null }) {
  return (
    <p class="form-fault" role="alert">
      {text}
    </p>
  );
}
