import { useSignal } from "@preact/signals";
import { reportWords } from "../../i18n/report.ts";
import { place } from "../../router.ts";
import { may } from "../../session.ts";
import { PageTitle } from "../../widgets/page-title.tsx";
import { periodText } from "../../widgets/period-text.ts";
import { useAnswer } from "../../widgets/use-answer.ts";
import type { ReportAnswer } from "./answers.ts";
import { HandoverPanel } from "./handover.tsx";
import { LogForm, OpenNotes } from "./log.tsx";
import { Paper } from "./paper.tsx";
import "./report.css";

interface ToolsProps {
  readonly path: string;
  readonly isNow: boolean;
  /** Null where there is nothing else to show. */
  readonly onToggle: (() => void) | null;
}

function Tools({ path, isNow, onToggle }: ToolsProps) {
  const { all, print: printIt, csv, showNow, showSigned } = reportWords.value;
  return (
    <div class="chips report-tools">
      <a class="chip" href="/report">
        {all}
      </a>
      <button type="button" class="chip" onClick={() => print()}>
        {printIt}
      </button>
      <a class="chip" href={`${path}?format=csv`} download>
        {csv}
      </a>
      {onToggle !== null && (
        <button type="button" class="chip" onClick={onToggle}>
          {isNow ? showSigned : showNow}
        </button>
      )}
    </div>
  );
}

interface SheetProps {
  readonly report: ReportAnswer;
  readonly path: string;
  readonly onChanged: () => void;
}

function Sheet({ report, path, onChanged }: SheetProps) {
  const { report: title, isNow: nowHint } = reportWords.value;
  const isNow = useSignal(false);
  const { document, changed, corrections, isLocked } = report.handover;
  const canToggle = document !== null && changed.length > 0;
  const showsNow = isNow.value && canToggle;
  const toggle = (): void => {
    isNow.value = !isNow.value;
  };
  return (
    <>
      <div class="page-head">
        <PageTitle text={title(periodText(report.key))} />
        <Tools path={path} isNow={showsNow} onToggle={canToggle ? toggle : null} />
      </div>
      <div class="report">
        <div class="panel sheet">
          {showsNow && (
            <p class="abnormal" role="status">
              {nowHint}
            </p>
          )}
          <Paper path={showsNow ? `${path}?as=now` : path} stamp={report} />
        </div>
        <div class="report-side">
          <HandoverPanel
            key={`${document} ${corrections.length} ${isLocked}`}
            report={report}
            path={path}
            onSigned={onChanged}
          />
          <OpenNotes report={report} onWritten={onChanged} />
          {may("operator") && <LogForm report={report} onWritten={onChanged} />}
        </div>
      </div>
    </>
  );
}

/** The report of one shift: to be read, added to, handed over and printed. */
export function ReportPage() {
  const { report: title, noShift, loading } = reportWords.value;
  const { date = "", shift = "" } = place.value.params;
  const path = `/api/v1/reports/shift/${encodeURIComponent(date)}/${encodeURIComponent(shift)}`;
  const { value, trouble, isAbsent, reload } = useAnswer<ReportAnswer>(path, 30_000);
  if (value !== null) return <Sheet report={value} path={path} onChanged={reload} />;
  return (
    <>
      <PageTitle text={title(periodText(`${date}/${shift}`))} />
      <p class="panel quiet">{isAbsent ? noShift : (trouble ?? loading)}</p>
    </>
  );
}
