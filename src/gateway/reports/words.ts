import type { Refusal } from "../../domain/figure.ts";
import type { MetricState } from "../../domain/metric.ts";
import type { PendingAssay, ReportKind, ReportLanguage } from "../../domain/report.ts";
import type { Quality } from "../../domain/status.ts";

export interface ReportWords {
  readonly kind: Readonly<Record<ReportKind, string>>;
  readonly state: Readonly<Record<MetricState | "none", string>>;
  readonly quality: Readonly<Record<Quality, string>>;
  readonly area: Readonly<Record<string, string>>;
  readonly why: Readonly<Record<PendingAssay["why"], string>>;
  readonly reason: Readonly<Record<Refusal, string>>;
  readonly code: Readonly<Record<string, string>>;
  readonly figures: string;
  readonly columns: readonly string[];
  readonly downtime: string;
  readonly downtimeColumns: readonly string[];
  readonly lots: string;
  readonly lotColumns: readonly string[];
  readonly noLot: string;
  readonly lotRule: string;
  readonly deliveries: string;
  readonly deliveryColumns: readonly string[];
  readonly pours: string;
  readonly pourColumns: readonly string[];
  readonly pending: string;
  readonly pendingColumns: readonly string[];
  readonly none: string;
  readonly noFigures: string;
  readonly notOver: string;
  readonly uncertainty: string;
  readonly madeAt: string;
  readonly signedBy: (by: string, at: string) => string;
  readonly signatures: readonly string[];
  readonly nameAndDate: string;
}

const es: ReportWords = {
  kind: { shift: "Reporte de guardia", day: "Reporte del día de producción" },
  state: {
    PRELIMINARY: "PRELIMINAR",
    PROVISIONAL: "PROVISIONAL",
    FINAL: "FINAL",
    RESTATED: "CORREGIDO",
    none: "SIN CIFRAS",
  },
  quality: { good: "buena", uncertain: "incierta", bad: "mala" },
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
  why: {
    missing: "sin resultado",
    held: "lote analítico retenido",
    "over-limit": "sobre el límite, espera gravimétrico",
    withdrawn: "anulado",
  },
  reason: {
    MISSING: "falta un dato",
    LOW_DENOM: "divisor casi cero",
    OUT_OF_DOMAIN: "datos contradictorios",
    NO_BRACKET: "fuera de la curva",
    TOO_FEW: "pocos datos",
    NOT_CONVERGED: "sin convergencia",
    UNOBSERVABLE: "no observable",
  },
  code: { planned: "programada", breakdown: "avería", standby: "en espera" },
  figures: "Cifras",
  columns: ["Cifra", "Valor", "± U", "Unidad", "Calidad", "Cobertura", "Estado", "Versión"],
  downtime: "Paradas",
  downtimeColumns: ["Equipo", "Desde", "Hasta", "Horas", "Código", "Nota"],
  lots: "Lotes molidos",
  lotColumns: ["Lote", "Veta", "Secas t", "Oro g", "Recuperación %", "± U"],
  noLot: "sin lote",
  lotRule:
    "Primero en llegar, primero en molerse; recuperación de las guardias que lo molieron, ponderada por su oro.",
  deliveries: "Mineral recibido",
  deliveryColumns: ["Lote", "Hora", "Veta", "Húmedas t", "Humedad %", "Ley g/t"],
  pours: "Fundiciones",
  pourColumns: ["Barra", "Hora", "Doré g", "Fineza", "Oro g"],
  pending: "Ensayes pendientes",
  pendingColumns: ["Punto", "Descripción", "Corte", "Motivo"],
  none: "Ninguno.",
  noFigures: "No hay cifras de este período en el diario.",
  notOver: "El período no ha terminado: las cifras llegan cuando termina.",
  uncertainty: "± U es la incertidumbre expandida, U = 2u (cerca del 95 %).",
  madeAt: "Emitido",
  signedBy: (by, at) => `Firmado por ${by}, ${at}`,
  signatures: ["Jefe de guardia", "Metalurgista", "Superintendente de planta"],
  nameAndDate: "Nombre, firma y fecha",
};

const en: ReportWords = {
  kind: { shift: "Shift report", day: "Production day report" },
  state: {
    PRELIMINARY: "PRELIMINARY",
    PROVISIONAL: "PROVISIONAL",
    FINAL: "FINAL",
    RESTATED: "RESTATED",
    none: "NO FIGURES",
  },
  quality: { good: "good", uncertain: "uncertain", bad: "bad" },
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
  why: {
    missing: "no result yet",
    held: "batch held back",
    "over-limit": "above the method, gravimetric to come",
    withdrawn: "withdrawn",
  },
  reason: {
    MISSING: "input missing",
    LOW_DENOM: "divisor near zero",
    OUT_OF_DOMAIN: "inputs contradict",
    NO_BRACKET: "outside the curve",
    TOO_FEW: "too few data",
    NOT_CONVERGED: "not converged",
    UNOBSERVABLE: "not observable",
  },
  code: { planned: "planned", breakdown: "breakdown", standby: "standby" },
  figures: "Figures",
  columns: ["Figure", "Value", "± U", "Unit", "Quality", "Coverage", "State", "Version"],
  downtime: "Downtime",
  downtimeColumns: ["Equipment", "From", "To", "Hours", "Code", "Note"],
  lots: "Lots milled",
  lotColumns: ["Lot", "Vein", "Dry t", "Gold g", "Recovery %", "± U"],
  noLot: "no lot",
  lotRule: "First in, first milled; recovery of the shifts that milled it, weighted by its gold.",
  deliveries: "Ore delivered",
  deliveryColumns: ["Lot", "Time", "Vein", "Wet t", "Moisture %", "Grade g/t"],
  pours: "Gold pours",
  pourColumns: ["Bar", "Time", "Doré g", "Fineness", "Gold g"],
  pending: "Assays pending",
  pendingColumns: ["Point", "Title", "Cut", "Why"],
  none: "None.",
  noFigures: "The journal has no figures of this period.",
  notOver: "The period is not over: figures come when it is.",
  uncertainty: "± U is the expanded uncertainty, U = 2u (about 95 %).",
  madeAt: "Issued",
  signedBy: (by, at) => `Signed by ${by}, ${at}`,
  signatures: ["Shift foreman", "Metallurgist", "Plant superintendent"],
  nameAndDate: "Name, signature and date",
};

export const REPORT_WORDS: Readonly<Record<ReportLanguage, ReportWords>> = { "es-PE": es, en };
