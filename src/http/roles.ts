import type { FastifyInstance, RouteOptions } from "fastify";
import type { Role } from "../domain/people.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The role that the route asks for; a route without one keeps the server from starting. */
    role?: Role;
    /** Says whether the gateway lives and nothing about the plant: it answers everybody, always. */
    isLiveness?: boolean;
  }
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
