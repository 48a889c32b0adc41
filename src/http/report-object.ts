import { Type } from "typebox";
import type { Static } from "typebox";
import type { Entry } from "../domain/entry.ts";
import type {
  Handover,
  PlantReport,
  ReportAlarm,
  ReportCall,
  ReportFigure,
  ReportNote,
  ReportOutline,
  Signed,
} from "../domain/report.ts";
import { qualityOf } from "../domain/status.ts";
import { isoTime, isoTimeOrNull, Time } from "./tag-object.ts";

const NumberOrNull = Type.Union([Type.Number(), Type.Null()]);
const TextOrNull = Type.Union([Type.String(), Type.Null()]);
const TimeOrNull = Type.Union([Time, Type.Null()]);

const Figure = Type.Object({
  metric: Type.String(),
  title: Type.String(),
  kind: Type.String({ description: "M-number of its formula." }),
  area: Type.String(),
  unit: Type.String(),
  value: NumberOrNull,
  u: Type.Union([Type.Number(), Type.Null()], { description: "Standard uncertainty; U = 2u." }),
  quality: Type.Enum(["good", "uncertain", "bad"]),
  status: Type.Integer(),
  reason: TextOrNull,
  coverage: Type.Number(),
  state: Type.String(),
  version: Type.Integer(),
  cause: Type.String(),
  plan: Type.Union([
    Type.Object({ value: Type.Number(), better: Type.Enum(["higher", "lower"]) }),
    Type.Null(),
  ]),
});

const Entered = Type.Object({
  ref: Type.String(),
  version: Type.Integer(),
  from: Time,
  to: Time,
  body: Type.Record(Type.String(), Type.Unknown()),
  by: Type.String(),
});

const AlarmObject = Type.Object({
  alarm: Type.String(),
  title: Type.String(),
  area: Type.String(),
  priority: Type.Integer(),
  state: Type.String(),
  since: Time,
  value: NumberOrNull,
  limit: NumberOrNull,
  unit: TextOrNull,
  by: TextOrNull,
  reason: TextOrNull,
  until: TimeOrNull,
});

const CallObject = Type.Object({
  alarm: Type.String(),
  title: Type.String(),
  priority: Type.Integer(),
  at: Time,
  acknowledged: Type.Union([Type.Object({ at: Time, by: TextOrNull }), Type.Null()]),
  gone: TimeOrNull,
  firstOut: TextOrNull,
});

const NoteObject = Type.Object({
  ref: Type.String(),
  topic: Type.String(),
  area: TextOrNull,
  equipment: TextOrNull,
  text: Type.String(),
  from: Time,
  to: TimeOrNull,
  by: Type.String(),
  changedBy: TextOrNull,
});

const SignedObject = Type.Union([
  Type.Object({ by: Type.String(), at: Time, note: Type.String() }),
  Type.Null(),
]);

const AlarmsObject = Type.Object({
  calls: Type.Record(Type.String(), Type.Integer(), { description: "By priority." }),
  measures: Type.Array(
    Type.Object({
      name: Type.String(),
      value: NumberOrNull,
      unit: Type.String(),
      target: Type.Number(),
      limit: Type.Number(),
      rating: TextOrNull,
    }),
  ),
  floods: Type.Array(Type.Object({ from: Time, to: Time, alarms: Type.Integer() })),
  top: Type.Array(Type.Object({ alarm: Type.String(), title: Type.String(), alarms: Type.Integer() })),
  gravest: Type.Array(CallObject, { description: "Calls of priority 1 and 2." }),
  gravestLeftOut: Type.Integer(),
  standing: Type.Array(AlarmObject, { description: "At the end of the period." }),
  putAside: Type.Array(AlarmObject, { description: "Shelved, suppressed or out of service by people." }),
  suppressedByDesign: Type.Integer(),
});

const HandoverObject = Type.Object({
  out: SignedObject,
  in: SignedObject,
  isLocked: Type.Boolean(),
  corrections: Type.Array(
    Type.Object({ number: Type.Integer(), by: Type.String(), at: Time, reason: Type.String() }),
  ),
  document: Type.Union([Type.Integer(), Type.Null()], {
    description: "What was signed or corrected last; who takes over names it.",
  }),
  changed: Type.Array(Type.String(), { description: "Sections that are otherwise by now." }),
});

export const ReportObject = Type.Object(
  {
    plant: Type.Object({ id: Type.String(), title: Type.String(), timeZone: Type.String() }),
    kind: Type.String(),
    key: Type.String(),
    from: Time,
    to: Time,
    madeAt: Time,
    isOver: Type.Boolean(),
    state: TextOrNull,
    signature: SignedObject,
    figures: Type.Array(Figure),
    downtime: Type.Array(Entered),
    deliveries: Type.Array(Entered),
    pours: Type.Array(Entered),
    lots: Type.Array(
      Type.Object({
        lot: TextOrNull,
        vein: TextOrNull,
        dryT: Type.Number(),
        goldG: NumberOrNull,
        recoveryPercent: NumberOrNull,
        u: NumberOrNull,
      }),
      { description: "First in, first milled." },
    ),
    assays: Type.Array(
      Type.Object({
        point: Type.String(),
        title: Type.String(),
        sample: Type.String(),
        value: NumberOrNull,
        u: NumberOrNull,
        unit: Type.String(),
        asReported: Type.String(),
        state: Type.String(),
        version: Type.Integer(),
      }),
    ),
    pending: Type.Array(
      Type.Object({ point: Type.String(), title: Type.String(), from: Time, to: Time, why: Type.String() }),
    ),
    alarms: AlarmsObject,
    notes: Type.Array(NoteObject),
    open: Type.Array(NoteObject, { description: "Conditions, bypasses and permits that stood at the end." }),
    handover: Type.Union([HandoverObject, Type.Null()]),
  },
  { title: "Report" },
);

export const OutlineObject = Type.Object(
  {
    key: Type.String(),
    from: Time,
    to: Time,
    isOver: Type.Boolean(),
    state: TextOrNull,
    out: SignedObject,
    in: SignedObject,
    corrections: Type.Integer(),
  },
  { title: "ReportOutline" },
);

function figureObject({ status, ...rest }: ReportFigure): Static<typeof Figure> {
  return { ...rest, status, quality: qualityOf(status) };
}

function enteredObject({ ref, version, from, to, body, by }: Entry): Static<typeof Entered> {
  return { ref, version, from: isoTime(from), to: isoTime(to), body: { ...body }, by };
}

function signedObject(signed: Signed | null): Static<typeof SignedObject> {
  return signed === null ? null : { ...signed, at: isoTime(signed.at) };
}

function alarmObject({ since, until, ...rest }: ReportAlarm): Static<typeof AlarmObject> {
  return { ...rest, since: isoTime(since), until: isoTimeOrNull(until) };
}

function callObject({ at, acknowledged, gone, ...rest }: ReportCall): Static<typeof CallObject> {
  return {
    ...rest,
    at: isoTime(at),
    acknowledged: acknowledged === null ? null : { ...acknowledged, at: isoTime(acknowledged.at) },
    gone: isoTimeOrNull(gone),
  };
}

function noteObject({ from, to, ...rest }: ReportNote): Static<typeof NoteObject> {
  return { ...rest, from: isoTime(from), to: isoTimeOrNull(to) };
}

function alarmsObject(alarms: PlantReport["alarms"]): Static<typeof AlarmsObject> {
  const { calls, measures, floods, top, gravest, standing, putAside, ...rest } = alarms;
  return {
    ...rest,
    calls: { ...calls },
    measures: [...measures],
    floods: floods.map(({ from, to, alarms: count }) => ({
      from: isoTime(from),
      to: isoTime(to),
      alarms: count,
    })),
    top: [...top],
    gravest: gravest.map(callObject),
    standing: standing.map(alarmObject),
    putAside: putAside.map(alarmObject),
  };
}

function handoverObject(handover: Handover | null): Static<typeof HandoverObject> | null {
  if (handover === null) return null;
  return {
    ...handover,
    out: signedObject(handover.out),
    in: signedObject(handover.in),
    corrections: handover.corrections.map(({ number, by, at, reason }) => ({
      number,
      by,
      at: isoTime(at),
      reason,
    })),
    changed: [...handover.changed],
  };
}

/** A report as JSON, with ISO times. */
export function reportObject(report: PlantReport): Static<typeof ReportObject> {
  const { plant, kind, key, from, to, madeAt, isOver, state, signature, figures, lots, assays } = report;
  return {
    plant,
    kind,
    key,
    isOver,
    state,
    from: isoTime(from),
    to: isoTime(to),
    madeAt: isoTime(madeAt),
    signature: signedObject(signature),
    figures: figures.map(figureObject),
    downtime: report.downtime.map(enteredObject),
    deliveries: report.deliveries.map(enteredObject),
    pours: report.pours.map(enteredObject),
    lots: [...lots],
    assays: [...assays],
    pending: report.pending.map(({ point, title, from: start, to: end, why }) => ({
      point,
      title,
      from: isoTime(start),
      to: isoTime(end),
      why,
    })),
    alarms: alarmsObject(report.alarms),
    notes: report.notes.map(noteObject),
    open: report.open.map(noteObject),
    handover: handoverObject(report.handover),
  };
}

export function outlineObject({ from, to, ...rest }: ReportOutline): Static<typeof OutlineObject> {
  return {
    ...rest,
    from: isoTime(from),
    to: isoTime(to),
    out: signedObject(rest.out),
    in: signedObject(rest.in),
  };
}
