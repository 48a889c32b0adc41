import { Type } from "typebox";
import type { Static } from "typebox";
import type { AlarmConfig, AlarmType } from "../../config/alarms.ts";
import type { AlarmDesk, AlarmSetting } from "../../domain/alarm.ts";
import type { App } from "../app.ts";
import { Failure } from "../failure.ts";
import type { GatewayView } from "../view.ts";

const MaybeNumber = Type.Union([Type.Number(), Type.Null()]);

const LimitObject = Type.Object(
  {
    tag: Type.String(),
    alarm: Type.String(),
    type: Type.String(),
    priority: Type.Integer(),
    low: MaybeNumber,
    high: MaybeNumber,
    setpoint: Type.Union([Type.String(), Type.Number(), Type.Null()], {
      description: "Of a deviation: the tag or the number that it is reckoned from.",
    }),
  },
  { title: "Limit" },
);
type LimitObject = Static<typeof LimitObject>;

type Ends = Pick<LimitObject, "low" | "high" | "setpoint">;

const NOTHING: Ends = { low: null, high: null, setpoint: null };

/** Of a deviation: what is held; null where that is no tag and no number. */
function setpointOf({ reference }: AlarmConfig): Ends | null {
  if (reference?.from === "constant") return { ...NOTHING, setpoint: reference.value };
  return reference?.from === "tag" ? { ...NOTHING, setpoint: reference.id } : null;
}

function bandOf(setting: AlarmSetting | undefined): Ends | null {
  return setting?.by === "band" ? { ...NOTHING, low: setting.low, high: setting.high } : null;
}

const HIGH: ReadonlySet<AlarmType> = new Set(["H", "HH"]);
const LOW: ReadonlySet<AlarmType> = new Set(["L", "LL"]);

function endsOf(alarm: AlarmConfig, limit: number | null, setting: AlarmSetting | undefined): Ends | null {
  const { type } = alarm;
  if (HIGH.has(type)) return { ...NOTHING, high: limit };
  if (LOW.has(type)) return { ...NOTHING, low: limit };
  if (type === "outside") return bandOf(setting);
  return type === "deviation" ? setpointOf(alarm) : null;
}

/** What an alarm says about the values of its tag; null when it says nothing that can be drawn. */
function limitOf(alarm: AlarmConfig, desk: AlarmDesk): LimitObject | null {
  const { id, on, type, priority } = alarm;
  if (on.from !== "tag") return null;
  const view = desk.view(id);
  const ends = endsOf(alarm, view?.limit ?? null, view?.setting?.setting);
  return ends === null ? null : { tag: on.id, alarm: id, type, priority, ...ends };
}

/** Between which values a tag is normal, and what it is held at: from its alarms, as they stand now. */
export function limitRoutes(app: App, { plant, alarms }: GatewayView): void {
  app.get(
    "/api/v1/limits",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Limits and setpoints of tags, from their alarms",
        tags: ["alarms"],
        response: { 200: Type.Array(LimitObject), default: Failure },
      },
    },
    () => (plant.alarms ?? []).flatMap((alarm) => limitOf(alarm, alarms) ?? []),
  );
}
