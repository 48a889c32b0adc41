import { Type } from "typebox";
import { reasonOf, Status } from "../../domain/status.ts";
import { unitSymbol } from "../../domain/unit.ts";
import type { Clock } from "../../domain/time.ts";
import type { App } from "../app.ts";
import { Failure } from "../failure.ts";
import { isoTime, Time } from "../tag-object.ts";
import type { GatewayView } from "../view.ts";

const PlantObject = Type.Object(
  {
    id: Type.String(),
    group: Type.String(),
    title: Type.String(),
    areas: Type.Array(Type.String(), { description: "In the order in which the plant file names them." }),
    timeZone: Type.String({ description: "IANA name." }),
    productionDay: Type.String({ description: "Its start, local time." }),
    shifts: Type.Record(Type.String(), Type.String()),
    version: Type.String(),
    startedAt: Time,
    time: Time,
    speed: Type.Number({ description: "Plant seconds in one second; 1 unless simulated." }),
    simulators: Type.Boolean({ description: "The plant is simulated, and can be disturbed from here." }),
    plaintext: Type.Array(Type.Union([Type.Literal("page"), Type.Literal("broker")]), {
      description: "What of the gateway other machines reach without encryption.",
    }),
    auth: Type.Union([Type.Literal("accounts"), Type.Literal("none")]),
    units: Type.Record(Type.String(), Type.String(), { description: "What people read for each UCUM code." }),
    reasons: Type.Record(Type.String(), Type.String(), {
      description: "The word for each status code that has one: for readers of the live socket.",
    }),
  },
  { title: "Plant" },
);

function reasonByStatus(): Record<string, string> {
  const reasons: Record<string, string> = {};
  for (const status of Object.values(Status)) {
    const reason = reasonOf(status);
    if (reason !== null) reasons[String(status)] = reason;
  }
  return reasons;
}

function symbolByUnit({ plant, figures, records }: GatewayView): Record<string, string> {
  const codes = new Set([
    ...plant.tags.flatMap(({ unit }) => unit ?? []),
    ...[...figures.outlines(), ...records.assays.points].map(({ unit }) => unit),
  ]);
  return Object.fromEntries(Array.from(codes, (code) => [code, unitSymbol(code)]));
}

/** Areas in the order in which the plant file first names them. */
function areasOf({ plant }: GatewayView): string[] {
  return [...new Set([...plant.devices.map(({ area }) => area), ...plant.tags.map(({ area }) => area)])];
}

export function plantRoutes(app: App, view: GatewayView, clock: Clock): void {
  const { id, group, title, timeZone, productionDay, shifts, http } = view.plant;
  const unchanging = {
    id,
    group,
    title,
    timeZone,
    productionDay,
    shifts,
    auth: http.auth,
    simulators: view.simulators !== null,
  };
  const areas = areasOf(view);
  const units = symbolByUnit(view);
  const reasons = reasonByStatus();
  app.get(
    "/api/v1/plant",
    {
      config: { role: "viewer" },
      schema: { summary: "The plant", tags: ["readings"], response: { 200: PlantObject, default: Failure } },
    },
    () => ({
      ...unchanging,
      areas,
      plaintext: [...view.plaintext],
      version: view.version,
      startedAt: isoTime(view.startedAt),
      time: isoTime(clock.now()),
      speed: view.speed,
      units,
      reasons,
    }),
  );
}
