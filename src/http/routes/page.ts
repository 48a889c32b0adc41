import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import { say } from "../../domain/said.ts";
import { PAGE_PATHS, SIMULATORS_PATH } from "../../domain/page-paths.ts";
import type { App } from "../app.ts";
import { Refusal } from "../failure.ts";
import { defaultRole } from "../roles.ts";

/** Files that Vite names after their content never change; the others are asked for again each time. */
function cacheControl(path: string): string {
  return path.includes("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
}

/** The control room. Its files hold no readings, so that everybody may load them; the data behind them asks for a role. */
export async function pageRoutes(app: App, webDir: string, hasSimulators: boolean): Promise<void> {
  const paths = hasSimulators ? [...PAGE_PATHS, SIMULATORS_PATH] : PAGE_PATHS;
  if (!existsSync(join(webDir, "index.html"))) {
    for (const path of paths)
      app.get(path, { config: { role: "public" }, schema: { hide: true } }, () => {
        throw new Refusal(503, say("page-unbuilt"));
      });
    return;
  }
  await app.register(async (scope) => {
    defaultRole(scope, "public");
    await scope.register(fastifyStatic, {
      root: webDir,
      index: false,
      cacheControl: false,
      preCompressed: true,
      setHeaders: (reply, path) => void reply.header("cache-control", cacheControl(path)),
    });
    for (const path of paths)
      scope.get(path, { schema: { hide: true } }, (_request, reply) => reply.sendFile("index.html"));
  });
}
