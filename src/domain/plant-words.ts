import type { AlarmState } from "./alarm.ts";
import type { ReportLanguage } from "./report.ts";

/** Areas that every plant of this kind has. */
type Area =
  | "crushing"
  | "grinding"
  | "gravity"
  | "leach"
  | "elution"
  | "reagents"
  | "detox"
  | "tailings"
  | "utilities";

/** What people read for the same thing on every page and on paper. */
interface PlantWords {
  /** In the order of the flow. */
  readonly area: Readonly<Record<Area, string>>;
  readonly alarmState: Readonly<Record<AlarmState, string>>;
  /** Shifts that most plants have; others are called as the plant file calls them. */
  readonly shift: Readonly<Record<"day" | "night", string>>;
}

export const PLANT_WORDS: Readonly<Record<ReportLanguage, PlantWords>> = {
  "es-PE": {
    area: {
      crushing: "Chancado",
      grinding: "Molienda",
      gravity: "Gravimetría",
      leach: "Lixiviación",
      elution: "Elución",
      reagents: "Reactivos",
      detox: "Detoxificación",
      tailings: "Relaves",
      utilities: "Servicios",
    },
    alarmState: {
      NORM: "normal",
      UNACK: "activa, sin reconocer",
      ACK: "activa, reconocida",
      RTNUN: "ya normal, sin reconocer",
      LATCH_UN: "retenida, sin reconocer",
      LATCH_ACK: "retenida",
      SHELVED: "aplazada",
      SUPPR: "suprimida",
      OOS: "fuera de servicio",
    },
    shift: { day: "día", night: "noche" },
  },
  en: {
    area: {
      crushing: "Crushing",
      grinding: "Grinding",
      gravity: "Gravity",
      leach: "Leach",
      elution: "Elution",
      reagents: "Reagents",
      detox: "Detox",
      tailings: "Tailings",
      utilities: "Utilities",
    },
    alarmState: {
      NORM: "normal",
      UNACK: "active, unacknowledged",
      ACK: "active, acknowledged",
      RTNUN: "normal again, unacknowledged",
      LATCH_UN: "latched, unacknowledged",
      LATCH_ACK: "latched",
      SHELVED: "shelved",
      SUPPR: "suppressed",
      OOS: "out of service",
    },
    shift: { day: "day", night: "night" },
  },
};

/** The key of a period, such as `2026-11-22/night`, as people say it. */
export function periodName(key: string, language: ReportLanguage): string {
  const [date = "", shift] = key.split("/");
  const names: Readonly<Record<string, string>> = PLANT_WORDS[language].shift;
  return shift === undefined ? key : `${date}, ${names[shift] ?? shift}`;
}
