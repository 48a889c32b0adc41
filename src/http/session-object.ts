import { Type } from "typebox";
import type { Static } from "typebox";
import { ACCOUNT_ROLES } from "../domain/people.ts";
import type { Caller } from "../domain/people.ts";
import { isoTime, Time } from "./tag-object.ts";

export const SessionObject = Type.Object(
  {
    name: Type.String(),
    role: Type.Enum([...ACCOUNT_ROLES]),
    kind: Type.Enum(["session", "token", "local"]),
    locked: Type.Boolean({ description: "Looks on as a viewer until the password is entered again." }),
    endsAt: Type.Union([Time, Type.Null()]),
  },
  { title: "Session" },
);
export type SessionObject = Static<typeof SessionObject>;

export function sessionObject({ name, role, kind, isLocked, endsAt }: Caller): SessionObject {
  return { name, role, kind, locked: isLocked, endsAt: endsAt === null ? null : isoTime(endsAt) };
}
