import { useSignal } from "@preact/signals";
import { peopleWords } from "../../i18n/people.ts";
import { me, sendJson } from "../../session.ts";
import { FormFault, NewPassword, newPasswordFault, PasswordField } from "../../shell/credentials.tsx";
import { faultOf } from "../../shell/people-faults.ts";
import { PageTitle } from "../../widgets/page-title.tsx";

function PasswordForm() {
  const { changePassword, presentPassword, passwordChanged, wrongPassword } = peopleWords.value;
  const present = useSignal("");
  const password = useSignal("");
  const again = useSignal("");
  const fault = useSignal<string | null>(null);
  const isDone = useSignal(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    isDone.value = false;
    fault.value = newPasswordFault(password.value, again.value);
    if (fault.value !== null) return;
    const body = { password: present.value, next: password.value };
    const response = await sendJson("POST", "/api/v1/password", body).catch(() => null);
    fault.value = faultOf(response, { 401: wrongPassword });
    isDone.value = fault.value === null;
    if (isDone.value) for (const field of [present, password, again]) field.value = "";
  };
  return (
    <form class="panel entrance-form" onSubmit={(event) => void submit(event)}>
      <h2>{changePassword}</h2>
      <PasswordField
        id="present-password"
        value={present}
        autocomplete="current-password"
        label={presentPassword}
      />
      <NewPassword id="changed" password={password} again={again} />
      <FormFault text={fault.value} />
      <p role="status">{isDone.value ? passwordChanged : ""}</p>
      <button type="submit" class="primary">
        {changePassword}
      </button>
    </form>
  );
}

/** Who I am, and my password. */
export function AccountPage() {
  const somebody = me.value;
  const { account, signedInAs, localEngineer, role } = peopleWords.value;
  if (somebody === null) return null;
  const isLocal = somebody.kind === "local";
  return (
    <>
      <PageTitle text={account} />
      <p>{isLocal ? localEngineer : signedInAs(somebody.name, role[somebody.role])}</p>
      {!isLocal && <PasswordForm />}
    </>
  );
}
