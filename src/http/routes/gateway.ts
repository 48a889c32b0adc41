import { say } from "../../domain/said.ts";
import { Told, toldObject } from "../told.ts";
import { readFile } from "node:fs/promises";
import { Type } from "typebox";
import type { Clock } from "../../domain/time.ts";
import type { SpoolHealth } from "../../domain/health.ts";
import type { App } from "../app.ts";
import { Failure, Refusal } from "../failure.ts";
import { isoTime, isoTimeOrNull } from "../tag-object.ts";
import type { Live } from "../live.ts";
import type { GatewayView } from "../view.ts";

const Count = Type.Integer({ minimum: 0 });
const Amount = Type.Number({ minimum: 0 });
const Unknown = (description: string) => Type.Union([Amount, Type.Null()], { description });
const Text = Type.Union([Type.String(), Type.Null()]);

const SpoolObject = Type.Object({
  protected: Type.Boolean({ description: "Readings are on disk before they go out." }),
  unsynced: Type.Integer({ description: "Readings that are in memory only." }),
  bytes: Count,
  bytesMax: Count,
  hoursLeft: Unknown("How long readings can wait from now on before the oldest go, h."),
  oldest: Text,
  damagedBlocks: Count,
  syncMs: Unknown("Median time of a sync of the disk, measured at the start, ms."),
});

const GatewayObject = Type.Object(
  {
    version: Type.String(),
    runtime: Type.String({ description: "Version of Node." }),
    startedAt: Type.String({ format: "date-time" }),
    uptimeS: Amount,
    memoryBytes: Type.Integer({ description: "Resident memory." }),
    eventLoopDelayP99Ms: Type.Number({ description: "Over the last minute." }),
    liveClients: Count,
    spool: SpoolObject,
    history: Type.Object({
      days: Type.Integer({ description: "For how long readings are kept; 0 for a gateway that keeps none." }),
      databaseBytes: Count,
      dropped: Count,
      lastError: Text,
      lastSaid: Told,
    }),
    journalTrouble: Text,
    plant: Type.String({ description: "Its id." }),
    dataDir: Type.String({ description: "Where everything is kept that is not in the plant's files." }),
    licence: Type.Union([Type.String(), Type.Null()], { description: "SPDX." }),
    billOfMaterials: Type.Union([Type.String(), Type.Null()], {
      description: "Where the list of every library in it is (CycloneDX); a packed gateway has one.",
    }),
  },
  { title: "Gateway" },
);

const HOUR_TENTHS = 10;

const BILL_OF_MATERIALS = "/api/v1/gateway/sbom.cdx.json";

function billOfMaterialsRoute(app: App, { release }: GatewayView): void {
  app.get(
    BILL_OF_MATERIALS,
    {
      config: { role: "viewer" },
      schema: {
        summary: "Every library in the gateway with version, licence and hash (CycloneDX)",
        tags: ["health"],
        response: { 200: Type.Any(), 404: Failure, default: Failure },
      },
    },
    async (_, reply) => {
      const file = release?.billOfMaterials ?? null;
      if (file === null) throw new Refusal(404, say("no-bill"));
      const text = await readFile(file, "utf8");
      return reply.type("application/vnd.cyclonedx+json; charset=utf-8").send(text);
    },
  );
}

/** The rate is that of what is on disk now; nothing is known of it before some minutes have passed. */
function hoursLeft({ bytes, bytesMax, bytesPerHour }: SpoolHealth): number | null {
  if (bytesPerHour === null || bytesPerHour <= 0) return null;
  return Math.round((HOUR_TENTHS * Math.max(0, bytesMax - bytes)) / bytesPerHour) / HOUR_TENTHS;
}

export function gatewayRoutes(
  app: App,
  view: GatewayView,
  clock: Clock,
  live: Pick<Live, "clientCount">,
): void {
  app.get(
    "/api/v1/gateway",
    {
      config: { role: "viewer" },
      schema: {
        summary: "The gateway itself: version, memory, event loop, and the disk that it writes to",
        tags: ["health"],
        response: { 200: GatewayObject, default: Failure },
      },
    },
    () => {
      const spool = view.spool();
      const { databaseBytes, dropped, lastError } = view.historyHealth();
      const { isProtected, unsynced, bytes, bytesMax, damagedBlocks, syncMs } = spool;
      return {
        version: view.version,
        runtime: process.versions.node,
        startedAt: isoTime(view.startedAt),
        uptimeS: Math.max(0, clock.now() - view.startedAt) / 1000,
        memoryBytes: process.memoryUsage.rss(),
        eventLoopDelayP99Ms: view.eventLoopDelayP99Ms(),
        liveClients: live.clientCount,
        spool: {
          protected: isProtected,
          unsynced,
          bytes,
          bytesMax,
          hoursLeft: hoursLeft(spool),
          oldest: isoTimeOrNull(spool.oldest),
          damagedBlocks,
          syncMs,
        },
        history: {
          days: view.plant.data.historyDays,
          databaseBytes,
          dropped,
          lastError: lastError?.sentence ?? null,
          lastSaid: toldObject(lastError),
        },
        journalTrouble: view.journalTrouble(),
        plant: view.plant.id,
        dataDir: view.plant.data.dir,
        licence: view.release?.licence ?? null,
        billOfMaterials: view.release?.billOfMaterials == null ? null : BILL_OF_MATERIALS,
      };
    },
  );
  billOfMaterialsRoute(app, view);
}
