import type { Handover, PlantReport, ReportNote, Signed } from "../../domain/report.ts";
import { table } from "./grid.ts";
import { escaped } from "./pen.ts";
import type { Pen } from "./pen.ts";
import { downtimeTable } from "./tables.ts";

/** What stands open, what people wrote, and what stood still. */
export function logTables(report: PlantReport, pen: Pen): string {
  const { words } = pen;
  return [
    table(
      pen,
      words.open,
      words.openColumns,
      report.open.map((note) => noteRow(note, pen)),
    ),
    table(
      pen,
      words.notes,
      words.openColumns,
      report.notes
        .filter(({ topic, to }) => topic === "note" || to !== null)
        .map((note) => noteRow(note, pen)),
    ),
    downtimeTable(report, pen),
  ].join("\n");
}

function noteRow({ topic, area, equipment, text, from, to, by, changedBy }: ReportNote, pen: Pen): string[] {
  const { words, time } = pen;
  const where = [area === null ? null : (words.area[area] ?? area), equipment].filter(
    (part) => part !== null,
  );
  const end = topic === "note" ? "" : ` – ${to === null ? words.stillThere : time(to)}`;
  return [
    words.topic[topic],
    `${time(from)}${end}`,
    where.join(", "),
    text,
    changedBy === null ? by : `${by}; ${words.changedBy(changedBy)}`,
  ];
}

/** How far the handover has come, with every correction. */
export function handoverNote({ handover }: PlantReport, pen: Pen): string {
  if (handover === null) return "";
  const { words, time } = pen;
  const { corrections, isLocked, out } = handover;
  const standing = isLocked ? words.locked : out === null ? words.unsigned : words.awaitsIn;
  const lines = corrections.map(({ number, by, at, reason }) =>
    words.correction(String(number), by, time(at), reason),
  );
  return [standing, ...lines].map((line) => `<p class="handover">${escaped(line)}</p>`).join("");
}

/** Signatures that were given, and lines for those that go on paper. */
export function signatures({ handover, signature }: PlantReport, pen: Pen): string {
  const { words } = pen;
  const places =
    handover === null
      ? words.signatures.map((role) => place(role, null, pen))
      : [...handoverPlaces(handover, pen), place(words.metallurgist, signature, pen)];
  return `<footer>${places.join("")}</footer>`;
}

function handoverPlaces({ out, in: taken }: Handover, pen: Pen): string[] {
  return [place(pen.words.handsOver, out, pen), place(pen.words.takesOver, taken, pen)];
}

function place(role: string, signed: Signed | null, { words, time }: Pen): string {
  if (signed === null)
    return `<div><p class="line"></p><p>${role}</p><p class="note">${words.nameAndDate}</p></div>`;
  const note = signed.note === "" ? "" : `<p class="note">${escaped(signed.note)}</p>`;
  return `<div><p class="line signed">${escaped(signed.by)}</p><p>${role}</p><p class="note">${time(signed.at)}</p>${note}</div>`;
}
