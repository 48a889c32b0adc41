import { Type } from "typebox";
import type { Static } from "typebox";
import { PERIOD_KINDS } from "../../domain/calendar.ts";
import type { App } from "../app.ts";
import { Failure, Refusal } from "../failure.ts";
import type { Balance, BalanceResult } from "../figure-view.ts";
import { readTime, TimeText } from "../history-range.ts";
import { isoTime, Time } from "../tag-object.ts";
import type { GatewayView } from "../view.ts";

const Amount = Type.Union([Type.Number(), Type.Null()]);
const Substance = Type.Enum(["solids", "gold"]);
const Measurement = Type.Object({ stream: Type.String(), of: Substance });

const BalanceObject = Type.Object(
  {
    period: Type.Enum([...PERIOD_KINDS]),
    key: Type.String(),
    from: Time,
    to: Time,
    refused: Type.Union([Type.String(), Type.Null()], { description: "Why it cannot be balanced." }),
    streams: Type.Array(
      Type.Object({
        stream: Type.String(),
        title: Type.String(),
        of: Substance,
        unit: Type.String({ description: "t, g/t, or g for a stream that carries gold alone." }),
        raw: Amount,
        rawSd: Amount,
        reconciled: Amount,
        sd: Type.Union([Type.Number(), Type.Null()], {
          description: "Standard uncertainty of the reconciled.",
        }),
        kind: Type.String({ description: "redundant, observable, unobservable …" }),
        z: Type.Union([Type.Number(), Type.Null()], {
          description: "Adjustment in units of its uncertainty; null where it cannot be tested.",
        }),
      }),
    ),
    nodes: Type.Array(Type.Object({ node: Type.String(), of: Substance, z: Amount })),
    test: Type.Union([
      Type.Object({
        statistic: Type.Number(),
        freedom: Type.Integer(),
        critical: Type.Number(),
        probability: Type.Number(),
        rejected: Type.Boolean({ description: "The measurements contradict each other." }),
      }),
      Type.Null(),
    ]),
    criticalZ: Amount,
    suspects: Type.Array(
      Type.Object({
        stream: Type.String(),
        of: Substance,
        z: Type.Number(),
        alternatives: Type.Array(Measurement, { description: "Others whose error would look the same." }),
      }),
      { description: "For a person to look at; the raw numbers stay as they are." },
    ),
    resolved: Type.Boolean({ description: "It holds, if need be without the suspects." }),
  },
  { title: "Balance" },
);

export function balanceRoutes(app: App, { figures }: GatewayView): void {
  app.get(
    "/api/v1/balance",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Solids and gold over the flowsheet, raw and reconciled",
        description:
          "Of the period that at lies in; without at of the last one that is over and has its figures.",
        tags: ["figures"],
        querystring: Type.Object({
          period: Type.Enum(["shift", "day", "week", "month"], { default: "shift" }),
          at: Type.Optional(TimeText),
        }),
        response: { 200: BalanceObject, 400: Failure, 404: Failure, default: Failure },
      },
    },
    ({ query: { period, at } }) => {
      const balance = figures.balance(period, at === undefined ? null : readTime("at", at));
      if (balance === null) throw new Refusal(404, "There are no figures of that period to balance.");
      return balanceObject(balance);
    },
  );
}

function balanceObject({
  period,
  key,
  from,
  to,
  titles,
  refused,
  result,
}: Balance): Static<typeof BalanceObject> {
  const base = { period, key, from: isoTime(from), to: isoTime(to), refused };
  if (result === null)
    return { ...base, streams: [], nodes: [], test: null, criticalZ: null, suspects: [], resolved: false };
  const { nodes, test, criticalZ, suspects, isResolved } = result;
  const { isRejected, ...numbers } = test;
  return {
    ...base,
    streams: result.streams.map((stream) => streamObject(stream, titles)),
    nodes: [...nodes],
    test: { ...numbers, rejected: isRejected },
    criticalZ,
    suspects: suspects.map((one) => {
      const { stream, of, z, alternatives } = one;
      return { stream, of, z, alternatives: [...alternatives] };
    }),
    resolved: isResolved,
  };
}

type StreamObject = Static<typeof BalanceObject>["streams"][number];

function streamObject(
  { stream, of, unit, raw, value, u, kind, z }: BalanceResult["streams"][number],
  titles: Balance["titles"],
): StreamObject {
  return {
    stream,
    title: titles[stream] ?? stream,
    of,
    unit,
    raw: raw?.value ?? null,
    rawSd: raw?.u ?? null,
    reconciled: value,
    sd: u,
    kind,
    z,
  };
}
