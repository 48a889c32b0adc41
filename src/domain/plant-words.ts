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
  },
};
