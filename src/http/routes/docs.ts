import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { Type } from "typebox";
import type { App } from "../app.ts";
import { defaultRole } from "../roles.ts";
import { DOCS_POLICY } from "../security-headers.ts";

/** The OpenAPI document; to be called before the routes that it shall describe. */
export async function describeRoutes(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Puma Gateway",
        version,
        description: "Readings of the plant with their quality and time, and the health of the gateway.",
      },
      components: {
        securitySchemes: {
          token: {
            type: "http",
            scheme: "bearer",
            description: "Of a program: `puma token PLANT.yaml add NAME`",
          },
          session: {
            type: "apiKey",
            in: "cookie",
            name: "__Host-puma",
            description: "Of a person; see login",
          },
        },
      },
      security: [{ token: [] }, { session: [] }],
      tags: [
        { name: "readings", description: "Tags and their readings" },
        { name: "people", description: "Who is here, accounts, tokens, and the audit of what was done" },
        { name: "records", description: "What the laboratory reports and what people enter" },
        { name: "writes", description: "Values that are set in the devices, where the plant file allows it" },
        { name: "health", description: "Devices, connections, outputs and the gateway itself" },
      ],
    },
  });
}

export async function docRoutes(app: App): Promise<void> {
  app.get(
    "/api/v1/openapi.json",
    {
      config: { role: "viewer" },
      schema: { hide: true, response: { 200: Type.Unknown() } },
    },
    () => app.swagger(),
  );
  await app.register(async (scope) => {
    defaultRole(scope, "viewer");
    await scope.register(swaggerUi, {
      routePrefix: "/api/docs",
      staticCSP: DOCS_POLICY,
      uiConfig: { validatorUrl: null, tryItOutEnabled: true },
    });
  });
}
