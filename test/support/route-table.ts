import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { FastifyInstance } from "fastify";
import type { Role } from "../../src/domain/people.ts";
import type { App } from "../../src/http/app.ts";

export interface DeclaredRoute {
  readonly method: string;
  readonly url: string;
  readonly role: Role | undefined;
}

/** Every route of a server as the server itself hears of it, those of plugins and those that no document lists included. */
export async function withRouteTable(
  build: () => Promise<App>,
): Promise<{ app: App; routes: DeclaredRoute[] }> {
  const routes: DeclaredRoute[] = [];
  const listen = (message: unknown): void => {
    const { fastify } = message as { readonly fastify: FastifyInstance };
    fastify.addHook("onRoute", (route) => {
      // Later hooks may still declare a role; so it is read when the server is ready.
      for (const method of [route.method].flat())
        fastify.addHook("onReady", (done) => {
          routes.push({ method, url: route.url, role: route.config?.role });
          done();
        });
    });
  };
  subscribe("fastify.initialization", listen);
  try {
    return { app: await build(), routes };
  } finally {
    unsubscribe("fastify.initialization", listen);
  }
}
