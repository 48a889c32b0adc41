import { Type } from "typebox";
import type { Static } from "typebox";
import { ConnectionLost } from "../../domain/errors.ts";
import type { RunningFault, SimulatorDesk, SimulatorOrder, SimulatorState } from "../../domain/simulation.ts";
import type { App } from "../app.ts";
import { Failure, Refusal } from "../failure.ts";
import { isoTime, isoTimeOrNull, Time } from "../tag-object.ts";

const NAME_LENGTH_MAX = 100;
const MINUTE_MS = 60_000;
const WEEK_MIN = 7 * 24 * 60;

const Name = Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX });
const NumberOrNull = Type.Union([Type.Number(), Type.Null()]);
const TextOrNull = Type.Union([Type.String(), Type.Null()]);

const StateObject = Type.Object(
  {
    known: Type.Array(
      Type.Object({
        fault: Type.String(),
        group: Type.Enum(["wire", "instrument", "process", "laboratory"]),
        meaning: Type.String(),
        targets: Type.Array(Type.Enum(["connection", "device", "tag"]), {
          description: "Empty where it strikes the plant.",
        }),
        protocols: Type.Array(Type.String()),
        takesAmount: Type.Boolean(),
        usualAmount: NumberOrNull,
      }),
    ),
    running: Type.Array(
      Type.Object({
        id: Type.Integer(),
        fault: Type.String(),
        target: TextOrNull,
        amount: NumberOrNull,
        since: Time,
        until: Type.Union([Time, Type.Null()]),
      }),
    ),
    setpoints: Type.Array(
      Type.Object({
        setpoint: Type.String(),
        title: Type.String(),
        unit: TextOrNull,
        low: Type.Number(),
        high: Type.Number(),
        value: Type.Number(),
      }),
    ),
  },
  { title: "Simulators" },
);

const described = {
  tags: ["simulators"],
  response: { 200: StateObject, 409: Failure, 503: Failure, default: Failure },
};

type Ask = (order: SimulatorOrder) => Promise<Static<typeof StateObject>>;

/** Faults of the simulated plant: only where the gateway was started for one. */
export function simulatorRoutes(app: App, desk: SimulatorDesk): void {
  const ask: Ask = async (order) => {
    const answered = await desk.order(order).catch((error: Error) => {
      if (!(error instanceof ConnectionLost)) throw error;
      throw new Refusal(503, error.said);
    });
    if ("refused" in answered) throw new Refusal(409, answered.refused);
    return stateObject(answered.state);
  };
  faultRoutes(app, ask);
  setRoutes(app, ask);
}

function faultRoutes(app: App, answer: Ask): void {
  app.get(
    "/api/v1/simulators",
    {
      config: { role: "viewer" },
      schema: { summary: "Faults that the simulators know, and those under way", ...described },
    },
    () => answer({ ask: "state" }),
  );
  app.post(
    "/api/v1/simulators/faults",
    {
      config: { role: "engineer" },
      schema: {
        summary: "Bring a fault about",
        ...described,
        body: Type.Object({
          fault: Name,
          connection: Type.Optional(Name),
          device: Type.Optional(Name),
          tag: Type.Optional(Name),
          amount: Type.Optional(Type.Number()),
          minutes: Type.Optional(
            Type.Number({ exclusiveMinimum: 0, maximum: WEEK_MIN, description: "Of plant time." }),
          ),
        }),
      },
    },
    ({ body: { minutes, ...wish } }) => {
      const forMs = minutes === undefined ? undefined : minutes * MINUTE_MS;
      return answer({ ask: "inject", wish: { ...wish, forMs } });
    },
  );
}

function setRoutes(app: App, answer: Ask): void {
  app.delete(
    "/api/v1/simulators/faults/:id",
    {
      config: { role: "engineer" },
      schema: {
        summary: "Clear a fault",
        ...described,
        params: Type.Object({ id: Type.Integer({ minimum: 1 }) }),
      },
    },
    ({ params: { id } }) => answer({ ask: "clear", id }),
  );
  app.post(
    "/api/v1/simulators/setpoints",
    {
      config: { role: "engineer" },
      schema: {
        summary: "Do what an operator of the simulated plant does at a setpoint",
        ...described,
        body: Type.Object({ setpoint: Name, value: Type.Number() }),
      },
    },
    ({ body: { setpoint, value } }) => answer({ ask: "set", setpoint, value }),
  );
}

function stateObject({ known, running, setpoints }: SimulatorState): Static<typeof StateObject> {
  return {
    known: known.map(({ fault, group, meaning, targets, protocols, takesAmount, usualAmount }) => ({
      fault,
      group,
      meaning,
      targets: [...targets],
      protocols: [...protocols],
      takesAmount,
      usualAmount,
    })),
    running: running.map(runningObject),
    setpoints: [...setpoints],
  };
}

function runningObject({ id, fault, target, amount, since, until }: RunningFault) {
  return { id, fault, target, amount, since: isoTime(since), until: isoTimeOrNull(until) };
}
