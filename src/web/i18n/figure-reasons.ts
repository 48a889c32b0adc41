import type { Refusal } from "../../domain/figure.ts";
import { texts } from "./texts.ts";

type Reasons = Readonly<Record<Refusal, string>>;

const REASONS_ES: Reasons = {
  MISSING: "falta un dato",
  LOW_DENOM: "denominador casi cero",
  OUT_OF_DOMAIN: "datos contradictorios",
  NO_BRACKET: "fuera de la curva",
  TOO_FEW: "pocos datos",
  NOT_CONVERGED: "no converge",
  UNOBSERVABLE: "no observable",
};

const REASONS_EN: Reasons = {
  MISSING: "something is missing",
  LOW_DENOM: "denominator near zero",
  OUT_OF_DOMAIN: "contradictory data",
  NO_BRACKET: "outside the curve",
  TOO_FEW: "too little data",
  NOT_CONVERGED: "does not converge",
  UNOBSERVABLE: "not observable",
};

/** Why a figure has no value, or a balance no result. */
export const figureReasons = texts({ "es-PE": REASONS_ES, en: REASONS_EN });
