import { Type } from "typebox";
import { createCalendar } from "../../domain/calendar.ts";
import { EQUIPMENT_KINDS } from "../../domain/equipment.ts";
import { say } from "../../domain/said.ts";
import type { Clock } from "../../domain/time.ts";
import type { App } from "../app.ts";
import { Failure, Refusal } from "../failure.ts";
import { createMimics } from "../mimic.ts";
import { MimicObject } from "../mimic-object.ts";
import { runHours } from "../run-hours.ts";
import type { GatewayView } from "../view.ts";

const EquipmentObject = Type.Object(
  {
    id: Type.String(),
    title: Type.String(),
    area: Type.String(),
    kind: Type.Enum([...EQUIPMENT_KINDS]),
    running: Type.Union([Type.String(), Type.Null()], { description: "Tag that says whether it runs." }),
    tags: Type.Array(Type.String(), { description: "The most telling first." }),
    to: Type.Array(Type.String(), { description: "Where its product goes." }),
  },
  { title: "Equipment" },
);

const HoursObject = Type.Object(
  {
    period: Type.Enum(["shift", "day", "week"]),
    ran: Type.Number({ description: "Hours in which it ran." }),
    known: Type.Number({ description: "Hours of which it is known whether it ran." }),
  },
  { title: "RunHours" },
);

export function equipmentRoutes(app: App, view: GatewayView, clock: Clock): void {
  const equipment = view.plant.equipment ?? [];
  app.get(
    "/api/v1/equipment",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Machines and vessels, in the order of the plant file",
        tags: ["equipment"],
        response: { 200: Type.Array(EquipmentObject), default: Failure },
      },
    },
    () =>
      equipment.map(({ id, title, area, kind, running, tags, to }) => {
        return { id, title, area, kind, running, tags: [...tags], to: [...to] };
      }),
  );
  hoursRoute(app, view, clock);
  mimicRoute(app, view);
}

function hoursRoute(app: App, { plant, history }: GatewayView, clock: Clock): void {
  const calendar = createCalendar(plant);
  app.get(
    "/api/v1/equipment/:id/hours",
    {
      config: { role: "viewer" },
      schema: {
        summary: "How long it ran in the running shift, day and week",
        description: "Empty where nothing says whether it runs.",
        tags: ["equipment"],
        params: Type.Object({ id: Type.String() }),
        response: { 200: Type.Array(HoursObject), 404: Failure, default: Failure },
      },
    },
    async ({ params: { id } }) => {
      const one = plant.equipment?.find((each) => each.id === id);
      if (one === undefined) throw new Refusal(404, say("no-equipment", { name: id }));
      const tag = plant.tags.find((each) => each.id === one.running);
      if (tag === undefined) return [];
      if (plant.data.historyDays === 0) throw new Refusal(404, say("history-unkept"));
      const now = clock.now();
      return Promise.all(
        (["shift", "day", "week"] as const).map(async (period) => {
          const { from } = calendar.periodAt(period, now);
          const hours = await runHours(history, tag, { from, to: now + 1 }).catch(() => null);
          if (hours === null) throw new Refusal(503, say("history-unread"));
          return { period, ran: hours.ran, known: hours.known };
        }),
      );
    },
  );
}

function mimicRoute(app: App, { plant }: GatewayView): void {
  const mimics = createMimics(plant.equipment ?? []);
  app.get(
    "/api/v1/mimic/:area",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Where the equipment of an area stands in its drawing, and how its streams run",
        tags: ["equipment"],
        params: Type.Object({ area: Type.String() }),
        response: { 200: MimicObject, 404: Failure, default: Failure },
      },
    },
    async ({ params: { area } }) => {
      const mimic = await mimics.of(area);
      if (mimic === null) throw new Refusal(404, say("no-mimic", { area }));
      return mimic;
    },
  );
}
