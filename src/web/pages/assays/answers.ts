import type { AssayKind, AssayState } from "../../../domain/assay.ts";

/** A result of the laboratory as the gateway tells it, as far as this page reads it. */
export interface AssayAnswer {
  readonly point: string;
  readonly sample: string;
  readonly kind: AssayKind;
  readonly cutFrom: string;
  readonly cutTo: string;
  readonly unit: string;
  readonly value: number | null;
  readonly asReported: string;
  readonly batch: string | null;
  readonly material: string | null;
  readonly state: AssayState;
  readonly reason: string | null;
}

export interface ControlAnswer extends AssayAnswer {
  readonly z: number | null;
  readonly failure: string | null;
}
