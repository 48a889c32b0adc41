import { useSignal } from "@preact/signals";
import { ACCOUNT_ROLES } from "../../../domain/people.ts";
import type { AccountRole } from "../../../domain/people.ts";
import { peopleWords } from "../../i18n/people.ts";
import { NameField, NewPassword, newPasswordFault } from "../../shell/credentials.tsx";
import { controlOf, Field } from "../../widgets/field.tsx";
import { addToken, addUser, fault } from "./users-store.ts";

interface RoleSelectProps {
  readonly role: AccountRole;
  readonly choose: (role: AccountRole) => void;
  /** Of a select that has no label beside it. */
  readonly label?: string;
  readonly id?: string;
}

export function RoleSelect({ role, choose, label, id }: RoleSelectProps) {
  return (
    <select
      {...(id === undefined ? {} : controlOf(id))}
      aria-label={label}
      value={role}
      onChange={({ currentTarget }) => {
        const chosen = ACCOUNT_ROLES.find((one) => one === currentTarget.value);
        if (chosen !== undefined) choose(chosen);
      }}
    >
      {ACCOUNT_ROLES.map((one) => (
        <option key={one} value={one}>
          {peopleWords.value.role[one]}
        </option>
      ))}
    </select>
  );
}

function RoleField({ id, role, choose }: RoleSelectProps & { readonly id: string }) {
  return (
    <Field id={id} label={peopleWords.value.roleColumn}>
      <RoleSelect id={id} role={role} choose={choose} />
    </Field>
  );
}

export function AddPerson() {
  const { addPerson, add } = peopleWords.value;
  const name = useSignal("");
  const role = useSignal<AccountRole>("operator");
  const password = useSignal("");
  const again = useSignal("");
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    fault.value = newPasswordFault(password.value, again.value);
    if (fault.value !== null || !(await addUser(name.value, role.value, password.value))) return;
    for (const field of [name, password, again]) field.value = "";
  };
  return (
    <details class="panel add-form">
      <summary>{addPerson}</summary>
      <form class="entrance-form" onSubmit={(event) => void submit(event)}>
        <NameField id="person-name" value={name} autocomplete="off" />
        <RoleField
          id="person-role"
          role={role.value}
          choose={(chosen) => {
            role.value = chosen;
          }}
        />
        <NewPassword id="person" password={password} again={again} />
        <button type="submit" class="primary">
          {add}
        </button>
      </form>
    </details>
  );
}

export function AddProgram() {
  const { addProgram, add, tokenOnce } = peopleWords.value;
  const name = useSignal("");
  const role = useSignal<AccountRole>("viewer");
  const token = useSignal<string | null>(null);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    token.value = await addToken(name.value, role.value);
    if (token.value !== null) name.value = "";
  };
  return (
    <details class="panel add-form">
      <summary>{addProgram}</summary>
      <form class="entrance-form" onSubmit={(event) => void submit(event)}>
        <NameField id="program-name" value={name} autocomplete="off" />
        <RoleField
          id="program-role"
          role={role.value}
          choose={(chosen) => {
            role.value = chosen;
          }}
        />
        <button type="submit" class="primary">
          {add}
        </button>
        <div role="status">
          {token.value !== null && (
            <>
              <p>{tokenOnce}</p>
              <code class="token">Authorization: Bearer {token.value}</code>
            </>
          )}
        </div>
      </form>
    </details>
  );
}
