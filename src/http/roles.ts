import type { FastifyInstance, RouteOptions } from "fastify";

/** Who may use a route. `public` is everybody, known or not. */
export type Role = "public" | "viewer" | "operator" | "metallurgist" | "engineer" | "admin";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The role that the route asks for; a route without one keeps the server from starting. */
    role?: Role;
  }
}

/** What each role may do. An operator and a metallurgist have different work, so neither includes the other. */
const INCLUDES: Readonly<Record<Role, readonly Role[]>> = {
  public: ["public"],
  viewer: ["public", "viewer"],
  operator: ["public", "viewer", "operator"],
  metallurgist: ["public", "viewer", "metallurgist"],
  engineer: ["public", "viewer", "operator", "metallurgist", "engineer"],
  admin: ["public", "viewer", "operator", "metallurgist", "engineer", "admin"],
};

export function mayUse(role: Role, needed: Role): boolean {
  return INCLUDES[role].includes(needed);
}

/** Makes the start fail when a route, of ours or of a plugin, does not say who may use it. */
export function requireDeclaredRoles(app: FastifyInstance): void {
  const routes: RouteOptions[] = [];
  app.addHook("onRoute", (route) => void routes.push(route));
  app.addHook("onReady", (done) => {
    const undeclared = routes.filter((route) => route.config?.role === undefined);
    if (undeclared.length === 0) return done();
    const names = undeclared.map((route) => `${String(route.method)} ${route.url}`);
    done(new Error(`no role is declared for ${names.join(", ")}`));
  });
}

/** Gives `role` to the routes that plugins register within `scope` and that have none of their own. */
export function defaultRole(scope: FastifyInstance, role: Role): void {
  scope.addHook("onRoute", (route) => {
    route.config = { role, ...route.config };
  });
}
