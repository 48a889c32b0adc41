import type { AccountRole } from "../../domain/people.ts";

/** What a role is called in Spanish, beside a name and within a sentence. */
export const ROLES_ES: Readonly<Record<AccountRole, string>> = {
  viewer: "visualizador",
  operator: "operador",
  metallurgist: "metalurgista",
  engineer: "ingeniero",
  admin: "administrador",
};
