import type { AlarmMeasure } from "../../domain/alarm.ts";
import type { PlantReport, ReportAlarm } from "../../domain/report.ts";
import { unitSymbol } from "../../domain/unit.ts";
import { table } from "./grid.ts";
import { decimalsOf, shown } from "./numbers.ts";
import { escaped } from "./pen.ts";
import type { Pen } from "./pen.ts";

/** Alarms that stand and that a page holds beside the rest; the alarm page has all of them. */
const STANDING_MAX = 25;
const TOP = 5;

/** The shapes of priorities, so that nothing hangs on colour in a copy. */
const SHAPES = { 1: "■", 2: "▲", 3: "◆", 4: "●" } as const;

/** What the alarms did: how often they called, the gravest one by one, what stood at the end, what was put aside. */
export function alarmTables(report: PlantReport, pen: Pen): string {
  return [
    summary(report, pen),
    gravestTable(report, pen),
    standingTable(report, pen),
    asideTable(report, pen),
  ].join("\n");
}

function summary({ alarms }: PlantReport, { words, language, time }: Pen): string {
  const { calls, floods, top, measures } = alarms;
  const total = calls[1] + calls[2] + calls[3] + calls[4];
  const counts = ([1, 2, 3, 4] as const)
    .map(
      (priority) => `${SHAPES[priority]} ${words.priority[priority]}: ${shown(calls[priority], 0, language)}`,
    )
    .join(" · ");
  const lines = [
    `${words.called(shown(total, 0, language))} (${counts})`,
    ...measures.flatMap((measure) => judged(measure, words, language)),
    ...floods.map(({ from, to, alarms: count }) =>
      words.flood(time(from), time(to), shown(count, 0, language)),
    ),
    ...(top.length === 0
      ? []
      : [
          `${words.mostFrequent}: ${top
            .slice(0, TOP)
            .map(({ title, alarms: count }) => `${title} (${shown(count, 0, language)})`)
            .join(", ")}`,
        ]),
  ];
  return `<h2>${words.alarms}</h2>${lines.map((line) => `<p>${escaped(line)}</p>`).join("")}`;
}

/** Only the load of the operator is judged on paper; the page of alarms has every measure. */
function judged(
  { name, value, target, rating }: AlarmMeasure,
  words: Pen["words"],
  language: string,
): string[] {
  if (name !== "alarms per 10 minutes" || value === null || rating === null) return [];
  return [words.load(shown(value, 2, language), shown(target, 0, language), words.rating[rating])];
}

function gravestTable({ alarms: { gravest, gravestLeftOut } }: PlantReport, pen: Pen): string {
  const { words, time, language } = pen;
  if (gravest.length === 0) return "";
  const rows = gravest.map(({ alarm, title, priority, at, acknowledged, gone, firstOut }) => [
    `${SHAPES[priority]} ${priority}`,
    time(at),
    `${alarm} ${title}`,
    acknowledged === null ? words.nobody : `${time(acknowledged.at)} ${acknowledged.by ?? ""}`.trimEnd(),
    gone === null ? words.stillThere : time(gone),
    firstOut === null ? "" : words.firstOut[firstOut],
  ]);
  const note = gravestLeftOut === 0 ? "" : words.more(shown(gravestLeftOut, 0, language));
  return table(pen, words.gravest, words.gravestColumns, rows, note);
}

function standingTable({ alarms: { standing, suppressedByDesign } }: PlantReport, pen: Pen): string {
  const { words, time, language } = pen;
  const rows = standing
    .slice(0, STANDING_MAX)
    .map((one) => [
      `${SHAPES[one.priority]} ${one.priority}`,
      `${one.alarm} ${one.title}`,
      words.alarmState[one.state],
      time(one.since),
      valueOf(one, language),
    ]);
  const notes = [
    ...(standing.length > STANDING_MAX
      ? [words.more(shown(standing.length - STANDING_MAX, 0, language))]
      : []),
    ...(suppressedByDesign > 0 ? [words.byDesign(shown(suppressedByDesign, 0, language))] : []),
  ];
  return table(pen, words.standing, words.standingColumns, rows, notes.join(" "));
}

function valueOf({ value, limit, unit }: ReportAlarm, language: string): string {
  const symbol = unit === null || unit === "1" ? "" : ` ${unitSymbol(unit)}`;
  const number = (one: number): string => shown(one, decimalsOf(one, null), language);
  if (value === null) return "";
  return limit === null ? `${number(value)}${symbol}` : `${number(value)} / ${number(limit)}${symbol}`;
}

function asideTable({ alarms: { putAside } }: PlantReport, pen: Pen): string {
  const { words, time } = pen;
  const rows = putAside.map(({ alarm, title, priority, state, since, until, by, reason }) => [
    `${SHAPES[priority]} ${priority}`,
    `${alarm} ${title}`,
    words.alarmState[state],
    time(since),
    until === null ? words.stillThere : time(until),
    `${by ?? ""}${reason === null ? "" : `: ${reason}`}`,
  ]);
  return table(pen, words.putAside, words.putAsideColumns, rows);
}
