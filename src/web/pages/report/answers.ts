import type { NoteBody } from "../../../domain/entry.ts";
import type { MetricState } from "../../../domain/metric.ts";
import type { ReportSection } from "../../../domain/report.ts";

/** Reports as the gateway tells them, as far as these pages read them. */
export interface SignedAnswer {
  readonly by: string;
  readonly at: string;
  readonly note: string;
}

export interface OutlineAnswer {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly isOver: boolean;
  readonly state: MetricState | null;
  readonly out: SignedAnswer | null;
  readonly in: SignedAnswer | null;
  readonly corrections: number;
}

export interface NoteAnswer extends NoteBody {
  readonly ref: string;
  readonly from: string;
  readonly to: string | null;
  readonly by: string;
}

export interface HandoverAnswer {
  readonly out: SignedAnswer | null;
  readonly in: SignedAnswer | null;
  readonly isLocked: boolean;
  readonly corrections: readonly {
    readonly number: number;
    readonly by: string;
    readonly at: string;
    readonly reason: string;
  }[];
  readonly document: number | null;
  readonly changed: readonly ReportSection[];
}

export interface ReportAnswer {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly isOver: boolean;
  readonly open: readonly NoteAnswer[];
  readonly handover: HandoverAnswer;
}
