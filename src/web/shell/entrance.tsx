import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { peopleWords } from "../i18n/people.ts";
import { go, place } from "../router.ts";
import { enter, entrance } from "../session.ts";
import type { Me } from "../session.ts";
import { PageTitle } from "../widgets/page-title.tsx";
import { FormFault, NameField, NewPassword, newPasswordFault, PasswordField } from "./credentials.tsx";
import { faultOf } from "./people-faults.ts";
import type { Meanings } from "./people-faults.ts";
import { Choices } from "./header.tsx";
import "./people.css";

/** The secret of a set-up link. It stands behind the # so that it reaches no server and no log. */
function setUpSecret(): string | null {
  return /^#setup=([\w-]+)$/.exec(location.hash)?.[1] ?? null;
}

interface EntryFormProps {
  readonly path: string;
  readonly body: () => object;
  /** What is wrong before anything is sent. */
  readonly check: () => string | null;
  /** What an answer means here, by its status. */
  readonly meanings: Meanings;
  readonly button: string;
  readonly children: ComponentChildren;
}

/** A form that lets its person in. */
function EntryForm({ path, body, check, meanings, button, children }: EntryFormProps) {
  const fault = useSignal<string | null>(null);
  const isBusy = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector("input")?.focus(), []);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    fault.value = check();
    if (fault.value !== null || isBusy.value) return;
    isBusy.value = true;
    const response = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body()),
    }).catch(() => null);
    isBusy.value = false;
    fault.value = faultOf(response, meanings);
    if (response?.ok !== true) return;
    if (place.value.path === "/login") go("/", { replace: true });
    enter((await response.json()) as Me);
  };
  return (
    <form class="panel entrance-form" ref={form} onSubmit={(event) => void submit(event)}>
      {children}
      <FormFault text={fault.value} />
      <button type="submit" class="primary" disabled={isBusy.value}>
        {button}
      </button>
    </form>
  );
}

function SignIn() {
  const { signIn, signInHint, wrong } = peopleWords.value;
  const name = useSignal("");
  const password = useSignal("");
  return (
    <>
      <PageTitle text={signIn} />
      <p class="quiet">{signInHint}</p>
      <EntryForm
        path="/api/v1/login"
        body={() => ({ name: name.value, password: password.value })}
        check={() => null}
        meanings={{ 401: wrong }}
        button={signIn}
      >
        <NameField id="sign-in-name" value={name} autocomplete="username" />
        <PasswordField id="sign-in-password" value={password} autocomplete="current-password" />
      </EntryForm>
    </>
  );
}

function SetUp({ secret }: { readonly secret: string }) {
  const { setUp, setUpHint, linkSpent, create } = peopleWords.value;
  const name = useSignal("");
  const password = useSignal("");
  const again = useSignal("");
  return (
    <>
      <PageTitle text={setUp} />
      <p class="quiet">{setUpHint}</p>
      <EntryForm
        path="/api/v1/set-up"
        body={() => ({ link: secret, name: name.value, password: password.value })}
        check={() => newPasswordFault(password.value, again.value)}
        meanings={{ 401: linkSpent, 403: linkSpent }}
        button={create}
      >
        <NameField id="set-up-name" value={name} autocomplete="username" />
        <NewPassword id="set-up" password={password} again={again} />
      </EntryForm>
    </>
  );
}

function NoAccount() {
  const { noAccountYet, noAccountHint } = peopleWords.value;
  return (
    <>
      <PageTitle text={noAccountYet} />
      <p>{noAccountHint}</p>
    </>
  );
}

function Content() {
  const secret = setUpSecret();
  if (entrance.value === "sign-in") return <SignIn />;
  return secret === null ? <NoAccount /> : <SetUp secret={secret} />;
}

/** Instead of the control room, for somebody whom the gateway does not know. The address stays, and leads on. */
export function Entrance() {
  return (
    <div class="entrance">
      <header class="entrance-head">
        <p class="plant-title">Puma Gateway</p>
        <Choices />
      </header>
      <main id="content" tabIndex={-1}>
        <Content />
      </main>
    </div>
  );
}
