import { useSignal } from "@preact/signals";
import type { WriteRefusalKind } from "../../../domain/write.ts";
import { tell } from "../../api.ts";
import type { PreparedWriteAnswer, Told, WriteReportAnswer, WriteRuleAnswer } from "../../api.ts";
import { setpointWords } from "../../i18n/setpoint.ts";
import type { TagCell } from "../../store.ts";
import { Dialog } from "../../widgets/dialog.tsx";
import { Change, CheckStep, ReportStep, WishStep } from "./setpoint-steps.tsx";
import type { Wish } from "./setpoint-steps.tsx";

/** Two periods of a slow tag, and what the way to the gateway takes, ms. */
const CONFIRM_MAX_MS = 30_000;
const NUMBER = /^-?\d{1,15}(\.\d{1,9})?$/;

type Stage =
  | { readonly at: "wish"; readonly refused: string | null }
  | { readonly at: "check"; readonly prepared: PreparedWriteAnswer }
  | { readonly at: "writing"; readonly prepared: PreparedWriteAnswer }
  | { readonly at: "done"; readonly report: WriteReportAnswer };

const BEGINNING: Stage = { at: "wish", refused: null };

/** Begins again, with the reason why it has to. */
function refusal({ refused, kind }: Extract<Told<unknown>, { refused: string }>): Stage {
  const { refused: heading, refusals } = setpointWords.value;
  const why = kind !== null && Object.hasOwn(refusals, kind) ? refusals[kind as WriteRefusalKind] : refused;
  return { at: "wish", refused: `${heading}: ${why}` };
}

/** The value that is meant; null for what is no number. */
function valueOf(text: string, isBool: boolean): number | boolean | null {
  if (isBool) return text === "true";
  return NUMBER.test(text.trim()) ? Number(text) : null;
}

async function prepare(path: string, { value: text, reason }: Wish, isBool: boolean): Promise<Stage> {
  const value = valueOf(text, isBool);
  if (value === null) return { at: "wish", refused: setpointWords.value.notNumber };
  const told = await tell<PreparedWriteAnswer>("POST", path, { value, reason });
  return "answer" in told ? { at: "check", prepared: told.answer } : refusal(told);
}

async function confirm(path: string, { token }: PreparedWriteAnswer): Promise<Stage> {
  const told = await tell<WriteReportAnswer>("POST", `${path}/confirm`, { token }, CONFIRM_MAX_MS);
  return "answer" in told ? { at: "done", report: told.answer } : refusal(told);
}

interface SetpointDialogProps {
  readonly cell: TagCell;
  readonly rule: WriteRuleAnswer;
  /** What may be written, in words. */
  readonly allowed: string;
  readonly onClose: () => void;
}

/** A value in two steps: what it is to be and why, then what it is now and will be; and in the end what the device holds. */
export function SetpointDialog({ cell, rule, allowed, onClose }: SetpointDialogProps) {
  const { dialog, writing } = setpointWords.value;
  const { tag, title } = cell.about;
  const stage = useSignal(BEGINNING);
  const wish = useSignal<Wish>({ value: "", reason: "" });
  const path = `/api/v1/tags/${encodeURIComponent(tag)}/write`;
  const isBool = rule.range === null;
  const next = async (): Promise<void> => {
    stage.value = await prepare(path, wish.value, isBool);
  };
  const write = async (prepared: PreparedWriteAnswer): Promise<void> => {
    stage.value = { at: "writing", prepared };
    stage.value = await confirm(path, prepared);
  };
  const now = stage.value;
  return (
    <Dialog title={dialog(`${tag} · ${title}`)} onClose={onClose}>
      {now.at === "wish" && (
        <WishStep
          {...{ cell, isBool, allowed }}
          wish={wish.value}
          refused={now.refused}
          onWish={(one) => (wish.value = one)}
          onNext={() => void next()}
        />
      )}
      {now.at === "check" && (
        <CheckStep
          cell={cell}
          prepared={now.prepared}
          reason={wish.value.reason}
          onBack={() => (stage.value = BEGINNING)}
          onConfirm={() => void write(now.prepared)}
        />
      )}
      {now.at === "writing" && (
        <div class="setpoint-form" role="status">
          <Change cell={cell} prepared={now.prepared} />
          <p>{writing}</p>
        </div>
      )}
      {now.at === "done" && <ReportStep cell={cell} report={now.report} />}
    </Dialog>
  );
}
