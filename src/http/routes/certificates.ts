import { Type } from "typebox";
import { say } from "../../domain/said.ts";
import type { Certificate, CertificateDesk } from "../../domain/peer-certificate.ts";
import type { App } from "../app.ts";
import { actorOf } from "../callers.ts";
import { Failure, Refusal } from "../failure.ts";

const CertificateObject = Type.Object(
  {
    thumbprint: Type.String({ description: "SHA-1, 40 hexadecimal digits." }),
    subject: Type.String(),
    applicationUri: Type.Union([Type.String(), Type.Null()]),
    validUntil: Type.String({ format: "date-time" }),
    state: Type.Union([Type.Literal("trusted"), Type.Literal("rejected"), Type.Literal("refused")], {
      description: "rejected waits for a decision; refused has had it.",
    }),
  },
  { title: "Certificate" },
);

const Params = Type.Object({
  thumbprint: Type.String({ pattern: "^[0-9a-f]{40}$", description: "The whole of it, lower case." }),
});

const DECISIONS = {
  trust: "Approve the certificate of a server",
  refuse: "Decide against the certificate of a server",
} as const;

/** Which OPC UA servers the gateway believes. */
export function certificateRoutes(app: App, certificates: CertificateDesk): void {
  app.get(
    "/api/v1/certificates",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Certificates that OPC UA servers have shown, and what was decided about them",
        tags: ["health"],
        response: { 200: Type.Array(CertificateObject), default: Failure },
      },
    },
    async () => [...(await certificates.list())],
  );
  for (const decision of ["trust", "refuse"] as const)
    app.post(
      `/api/v1/certificates/:thumbprint/${decision}`,
      {
        config: { role: "engineer" },
        schema: {
          summary: DECISIONS[decision],
          description: "Takes effect at the next attempt to connect. The decision is kept in the audit.",
          tags: ["health"],
          params: Params,
          response: { 200: CertificateObject, 404: Failure, default: Failure },
        },
      },
      async (request) => {
        const { thumbprint } = request.params;
        return decided(thumbprint, await certificates[decision](thumbprint, actorOf(request)));
      },
    );
}

function decided(thumbprint: string, certificate: Certificate | null): Certificate {
  if (certificate === null) throw new Refusal(404, say("no-certificate", { thumbprint }));
  return certificate;
}
