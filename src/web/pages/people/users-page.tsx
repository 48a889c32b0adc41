import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { AccountRole } from "../../../domain/people.ts";
import { formatDate, formatTime } from "../../format.ts";
import { peopleWords } from "../../i18n/people.ts";
import { words } from "../../preferences.ts";
import { may } from "../../session.ts";
import { FormFault } from "../../shell/credentials.tsx";
import { plant } from "../../store.ts";
import { Dialog } from "../../widgets/dialog.tsx";
import { PageTitle } from "../../widgets/page-title.tsx";
import { Table } from "../../widgets/table.tsx";
import type { Column } from "../../widgets/table.tsx";
import { AddPerson, AddProgram, RoleSelect } from "./add-forms.tsx";
import {
  changeUser,
  endSession,
  fault,
  refresh,
  removeToken,
  removeUser,
  tokens,
  users,
} from "./users-store.ts";
import type { SessionAnswer, TokenAnswer, UserAnswer } from "./users-store.ts";
import "../../shell/people.css";
import "./users.css";

const REFRESH_MS = 5_000;

function shownTime(time: string): string {
  const zone = plant.value?.timeZone ?? "UTC";
  const { locale } = words.value;
  return `${formatDate(Date.parse(time), zone, locale)} ${formatTime(Date.parse(time), zone, locale)}`;
}

interface ChipProps {
  readonly text: string;
  /** Names what it is about, for those who hear the buttons one by one. */
  readonly label: string;
  readonly onClick: () => void;
}

function Chip({ text, label, onClick }: ChipProps) {
  return (
    <button type="button" class="chip" aria-label={label} title={label} onClick={onClick}>
      {text}
    </button>
  );
}

/** Asks once more before somebody is removed. */
function RemoveButton({ name, remove }: { readonly name: string; readonly remove: () => Promise<unknown> }) {
  const isAsked = useSignal(false);
  const { remove: text, removeNamed, removeSure } = peopleWords.value;
  const close = (): void => {
    isAsked.value = false;
  };
  return (
    <>
      <Chip
        text={text}
        label={removeNamed(name)}
        onClick={() => {
          isAsked.value = true;
        }}
      />
      {isAsked.value && (
        <Dialog title={removeNamed(name)} onClose={close}>
          <p>{removeSure(name)}</p>
          <p class="dialog-actions">
            <button
              type="button"
              class="primary"
              onClick={() => {
                close();
                void remove();
              }}
            >
              {text}
            </button>
          </p>
        </Dialog>
      )}
    </>
  );
}

function PersonActions({ user: { name, disabled } }: { readonly user: UserAnswer }) {
  const { keepOut, keepOutNamed, letIn, letInNamed } = peopleWords.value;
  return (
    <span class="row-actions">
      <Chip
        text={disabled ? letIn : keepOut}
        label={disabled ? letInNamed(name) : keepOutNamed(name)}
        onClick={() => void changeUser(name, { disabled: !disabled })}
      />
      <RemoveButton name={name} remove={() => removeUser(name)} />
    </span>
  );
}

function peopleColumns(): readonly Column<UserAnswer>[] {
  const {
    name,
    roleColumn,
    roleOf,
    state,
    isKeptOut,
    may: active,
    since,
    lastLogin,
    never,
    actions,
  } = peopleWords.value;
  return [
    { name: "name", title: name, cell: (user) => user.name },
    {
      name: "role",
      title: roleColumn,
      cell: (user) => (
        <RoleSelect
          label={roleOf(user.name)}
          role={user.role}
          choose={(role: AccountRole) => void changeUser(user.name, { role })}
        />
      ),
    },
    { name: "state", title: state, cell: ({ disabled }) => (disabled ? isKeptOut : active) },
    { name: "since", title: since, cell: ({ createdAt }) => shownTime(createdAt) },
    {
      name: "login",
      title: lastLogin,
      cell: ({ lastLoginAt }) => (lastLoginAt === null ? never : shownTime(lastLoginAt)),
    },
    { name: "actions", title: actions, cell: (user) => <PersonActions user={user} /> },
  ];
}

interface SessionRow extends SessionAnswer {
  readonly person: string;
}

function sessionColumns(): readonly Column<SessionRow>[] {
  const {
    name,
    address,
    browser,
    active,
    state,
    open,
    isLocked,
    endSession: end,
    endSessionOf,
    actions,
  } = peopleWords.value;
  return [
    { name: "name", title: name, cell: ({ person }) => person },
    { name: "address", title: address, cell: (row) => row.address },
    {
      name: "browser",
      title: browser,
      cell: ({ agent }) => (
        <span class="agent" title={agent}>
          {agent}
        </span>
      ),
    },
    { name: "active", title: active, cell: ({ activeAt }) => shownTime(activeAt) },
    { name: "state", title: state, cell: ({ locked }) => (locked ? isLocked : open) },
    {
      name: "actions",
      title: actions,
      cell: (row) => (
        <Chip
          text={end}
          label={endSessionOf(row.person, row.address)}
          onClick={() => void endSession(row.id)}
        />
      ),
    },
  ];
}

function tokenColumns(): readonly Column<TokenAnswer>[] {
  const { name, roleColumn, role: roles, since, addedBy, actions } = peopleWords.value;
  return [
    { name: "name", title: name, cell: (token) => token.name },
    { name: "role", title: roleColumn, cell: ({ role }) => roles[role] },
    { name: "since", title: since, cell: ({ createdAt }) => shownTime(createdAt) },
    { name: "by", title: addedBy, cell: ({ createdBy }) => createdBy },
    {
      name: "actions",
      title: actions,
      cell: (token) => <RemoveButton name={token.name} remove={() => removeToken(token.name)} />,
    },
  ];
}

function Lists() {
  const { people, noPeople, sessions, noSessions, programs, noPrograms } = peopleWords.value;
  const rows = users.value.flatMap(({ name, sessions: own }) => own.map((one) => ({ ...one, person: name })));
  return (
    <>
      <FormFault text={fault.value} />
      <h2>{people}</h2>
      <Table
        label={people}
        columns={peopleColumns()}
        rows={users.value}
        keyOf={({ name }) => name}
        empty={noPeople}
      />
      <AddPerson />
      <h2>{sessions}</h2>
      <Table
        label={sessions}
        columns={sessionColumns()}
        rows={rows}
        keyOf={({ id }) => id}
        empty={noSessions}
      />
      <h2>{programs}</h2>
      <Table
        label={programs}
        columns={tokenColumns()}
        rows={tokens.value}
        keyOf={({ name }) => name}
        empty={noPrograms}
      />
      <AddProgram />
    </>
  );
}

/** People with their sessions, and programs; for admins. */
export function UsersPage() {
  const isAdmin = may("admin");
  useEffect(() => {
    if (!isAdmin) return;
    fault.value = null;
    void refresh();
    const timer = setInterval(() => void refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [isAdmin]);
  const { users: title, usersForAdmins } = peopleWords.value;
  return (
    <div class="users">
      <PageTitle text={title} />
      {isAdmin ? <Lists /> : <p>{usersForAdmins}</p>}
    </div>
  );
}
