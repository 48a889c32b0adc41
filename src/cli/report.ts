import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadPlant } from "../config/load.ts";
import { REPORT_KINDS, REPORT_LANGUAGES } from "../domain/report.ts";
import type { PlantReport, ReportDesk, ReportKind, ReportLanguage } from "../domain/report.ts";
import { qualityOf } from "../domain/status.ts";
import { systemClock } from "../domain/system-clock.ts";
import { unitSymbol } from "../domain/unit.ts";
import { decimalsOf, shown } from "../gateway/reports/numbers.ts";
import { createReportDesk } from "../gateway/reports/report.ts";
import { reportObject } from "../http/report-object.ts";
import { JOURNAL_FILE, openJournal } from "../store/journal/journal.ts";
import { readArguments, UsageError } from "./arguments.ts";
import type { Command } from "./arguments.ts";
import { formatTable } from "./table.ts";

const OPTIONS = {
  json: { type: "boolean" },
  csv: { type: "boolean" },
  html: { type: "boolean" },
  language: { type: "string" },
  data: { type: "string" },
} as const;

/** `puma report PLANT.yaml shift 2026-11-22/day | day 2026-11-22`: what the journal says of a period, whether a gateway runs
 *  or not. */
export const report: Command = async (args) => {
  const words = readArguments(args, OPTIONS, ["PLANT.yaml", REPORT_KINDS.join("|"), "PERIOD"]);
  const [file = "", kindWord = "", key = ""] = words.positionals;
  const kind = REPORT_KINDS.find((one) => one === kindWord);
  if (kind === undefined) throw new UsageError(`"${kindWord}" is not one of ${REPORT_KINDS.join(", ")}.`);
  const format = formatOf(words.values);
  const language = languageOf(words.values["language"]);
  const plant = loadPlant(file);
  const dataDir = typeof words.values["data"] === "string" ? words.values["data"] : plant.data.dir;
  if (!existsSync(join(dataDir, JOURNAL_FILE))) {
    process.stderr.write(`There is no journal in ${dataDir}: no gateway has run with this plant file yet.\n`);
    return 1;
  }
  const journal = openJournal(dataDir);
  try {
    const desk = createReportDesk(plant, journal, () => systemClock.now());
    return print(desk, kind, key, format, language);
  } finally {
    journal.close();
  }
};

type Format = "table" | "json" | "csv" | "html";

function formatOf(values: Readonly<Record<string, unknown>>): Format {
  const chosen = (["json", "csv", "html"] as const).filter((one) => values[one] === true);
  if (chosen.length > 1) throw new UsageError("Choose one of --json, --csv and --html.");
  return chosen[0] ?? "table";
}

function languageOf(word: string | boolean | undefined): ReportLanguage {
  if (word === undefined) return "es-PE";
  const language = REPORT_LANGUAGES.find((one) => one === word);
  if (language === undefined)
    throw new UsageError(`--language takes ${REPORT_LANGUAGES.join(" or ")}, not "${String(word)}".`);
  return language;
}

function print(
  desk: ReportDesk,
  kind: ReportKind,
  key: string,
  format: Format,
  language: ReportLanguage,
): number {
  const made = desk.make(kind, key);
  if (made === null) {
    const example = kind === "shift" ? "2026-11-22/day" : "2026-11-22";
    process.stderr.write(`There is no ${kind} "${key}": write it like ${example}.\n`);
    return 1;
  }
  const texts: Readonly<Record<Format, () => string>> = {
    table: () => tableOf(made),
    json: () => `${JSON.stringify(reportObject(made), null, 2)}\n`,
    csv: () => desk.csv(made),
    html: () => desk.html(made, language),
  };
  process.stdout.write(texts[format]());
  return 0;
}

function tableOf({
  plant,
  kind,
  key,
  state,
  isOver,
  figures,
  downtime,
  lots,
  pending,
  signature,
}: PlantReport): string {
  const rows = figures.map(({ title, value, u, unit, status, reason, coverage, state: own, version }) => {
    const decimals = value === null ? 0 : decimalsOf(value, u === null ? null : 2 * u);
    return [
      title,
      value === null ? `– ${reason ?? ""}` : shown(value, decimals, "en"),
      value === null || u === null ? "" : shown(2 * u, decimals, "en"),
      unit === "1" ? "" : unitSymbol(unit),
      qualityOf(status),
      `${shown(100 * coverage, 0, "en")}%`,
      own,
      `${version}`,
    ];
  });
  const head = ["figure", "value", "± U", "unit", "quality", "coverage", "state", "version"];
  const lines = [
    `${plant.title}: ${kind} ${key}, ${state ?? (isOver ? "no figures" : "not over yet")}`,
    ...(signature === null ? [] : [`Signed by ${signature.by}`]),
    "",
    figures.length === 0 ? "The journal has no figures of this period.\n" : formatTable(head, rows),
    ...downtime.map(({ ref, body }) => `Downtime ${ref}: ${body?.code ?? ""} ${body?.note ?? ""}`.trimEnd()),
    ...lots.map(
      ({ lot, vein, dryT, recoveryPercent }) =>
        `Lot ${lot ?? "(none)"} ${vein ?? ""}: ${shown(dryT, 2, "en")} t dry${recoveryPercent === null ? "" : `, recovery ${shown(recoveryPercent, 1, "en")} %`}`,
    ),
    ...pending.map(({ point, title, why }) => `Assay pending: ${point} ${title} (${why})`),
  ];
  return `${lines.join("\n")}\n`;
}
