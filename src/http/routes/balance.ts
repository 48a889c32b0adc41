import { Type } from "typebox";
import type { Static } from "typebox";
import { say } from "../../domain/said.ts";
import type { Flowsheet } from "../../config/metallurgy.ts";
import type { Plant } from "../../config/plant.ts";
import { PERIOD_KINDS } from "../../domain/calendar.ts";
import { SUBSTANCES } from "../../domain/substance.ts";
import type { App } from "../app.ts";
import { Failure, Refusal } from "../failure.ts";
import type { Balance, BalanceResult } from "../figure-view.ts";
import { readTime, TimeText } from "../history-range.ts";
import { isoTime, Time } from "../tag-object.ts";
import type { GatewayView } from "../view.ts";

const Text = Type.Union([Type.String(), Type.Null()]);
const Amount = Type.Union([Type.Number(), Type.Null()]);
const Substance = Type.Enum([...SUBSTANCES]);
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
        unit: Type.String({ description: "t, m3, g/t, or g for gold of a stream without solids." }),
        from: Text,
        to: Text,
        by: Type.Union(
          [Type.Object({ kind: Type.Enum(["assay", "metric"]), id: Type.String() }), Type.Null()],
          { description: "What measures it; null where nothing does." },
        ),
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
    nodes: Type.Array(Type.Object({ node: Type.String(), title: Type.String(), of: Substance, z: Amount })),
    closures: Type.Array(
      Type.Object({
        node: Text,
        title: Text,
        of: Substance,
        percent: Type.Union([Type.Number(), Type.Null()], {
          description: "(out - in) / in of the raw numbers, %; null while something is not measured.",
        }),
        sd: Type.Union([Type.Number(), Type.Null()], {
          description: "Standard uncertainty, percentage points.",
        }),
        missing: Type.Array(Type.String(), { description: "Streams that are not measured." }),
      }),
      { description: "Before reconciliation; node null is the whole plant." },
    ),
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

export function balanceRoutes(app: App, { figures, plant }: GatewayView): void {
  app.get(
    "/api/v1/balance",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Solids, water and gold over the flowsheet, raw and reconciled",
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
      if (balance === null) throw new Refusal(404, say("no-balance"));
      return balanceObject(balance, plant);
    },
  );
}

function balanceObject(balance: Balance, plant: Plant): Static<typeof BalanceObject> {
  const { period, key, from, to, flowsheet, closures, refused, result } = balance;
  const titles = new Map([...flowsheet.nodes, ...flowsheet.streams].map(({ id, title }) => [id, title]));
  const titleOf = (id: string): string => titles.get(id) ?? id;
  const base = {
    period,
    key,
    from: isoTime(from),
    to: isoTime(to),
    refused,
    closures: closures.map(({ node, of, percent, u, missing }) => ({
      node,
      title: node === null ? null : titleOf(node),
      of,
      percent,
      sd: u,
      missing: missing.map(titleOf),
    })),
  };
  if (result === null)
    return { ...base, streams: [], nodes: [], test: null, criticalZ: null, suspects: [], resolved: false };
  const { nodes, test, criticalZ, suspects, isResolved } = result;
  const { isRejected, ...numbers } = test;
  const assays = new Set(plant.metallurgy?.assays.map(({ id }) => id));
  return {
    ...base,
    streams: result.streams.map((stream) => streamObject(stream, flowsheet, assays)),
    nodes: nodes.map(({ node, of, z }) => ({ node, title: titleOf(node), of, z })),
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

/** Of a stream that the flowsheet no longer has. */
const GONE = { title: null, from: null, to: null, solids: null, water: null, gold: null };

function streamObject(
  { stream, of, unit, raw, value, u, kind, z }: BalanceResult["streams"][number],
  { streams }: Flowsheet,
  assays: ReadonlySet<string>,
): StreamObject {
  const { title, from, to, [of]: id } = streams.find((one) => one.id === stream) ?? GONE;
  const by = id === null ? null : { kind: assays.has(id) ? ("assay" as const) : ("metric" as const), id };
  const measured = { raw: raw?.value ?? null, rawSd: raw?.u ?? null };
  return {
    stream,
    title: title ?? stream,
    of,
    unit,
    from,
    to,
    by,
    ...measured,
    reconciled: value,
    sd: u,
    kind,
    z,
  };
}
