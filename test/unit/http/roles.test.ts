import Fastify from "fastify";
import { describe, expect, it } from "vitest";
import { mayUse } from "../../../src/domain/people.ts";
import type { Role } from "../../../src/domain/people.ts";
import { requireDeclaredRoles } from "../../../src/http/roles.ts";

const ROLES: readonly Role[] = ["public", "viewer", "operator", "metallurgist", "engineer", "admin"];

/** Rows: who; columns: what the route asks for, in the order above. */
const MATRIX: Readonly<Record<Role, string>> = {
  public: "yes no  no  no  no  no",
  viewer: "yes yes no  no  no  no",
  operator: "yes yes yes no  no  no",
  metallurgist: "yes yes no  yes no  no",
  engineer: "yes yes yes yes yes no",
  admin: "yes yes yes yes yes yes",
};

describe.each(ROLES)("a person with the role %s", (role) => {
  it("may use what the matrix says", () => {
    const allowed = ROLES.map((needed) => (mayUse(role, needed) ? "yes" : "no"));
    expect(allowed).toEqual(MATRIX[role].split(/ +/));
  });
});

describe("a route that declares no role", () => {
  it("keeps the server from starting", async () => {
    const app = Fastify();
    requireDeclaredRoles(app);
    app.get("/declared", { config: { role: "viewer" } }, () => "");
    app.post("/forgotten", () => "");
    await expect(app.ready()).rejects.toThrow("no role is declared for POST /forgotten");
    await app.close();
  });

  it("is found in a plugin as well", async () => {
    const app = Fastify();
    requireDeclaredRoles(app);
    await app.register(async (scope) => void scope.get("/hidden", () => ""), { prefix: "/plugin" });
    await expect(app.ready()).rejects.toThrow("/plugin/hidden");
    await app.close();
  });
});
