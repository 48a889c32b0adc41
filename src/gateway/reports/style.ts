/** Black on white, no colour that a copier would lose, and no table row over two pages. Within the control room, on its
 *  screen, it takes the colours of the theme. */
export const REPORT_STYLE = `
@page { size: A4; margin: 14mm 12mm 16mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt "IBM Plex Sans", sans-serif; } }
* { box-sizing: border-box; }
body, :host { display: block; margin: 0 auto; max-width: 186mm; color: var(--report-ink, #111); background: var(--report-paper, #fff); font: 9pt/1.25 "IBM Plex Sans", system-ui, "Noto Sans", "DejaVu Sans", sans-serif; font-variant-numeric: tabular-nums; }
p { margin: 0; }
header { display: flex; justify-content: space-between; gap: 8mm; padding-bottom: 2mm; border-bottom: 0.5mm solid var(--report-ink, #111); }
h1 { margin: 0; font-size: 15pt; }
h2 { margin: 3mm 0 1mm; font-size: 10.5pt; break-after: avoid; }
.plant { font-weight: 600; }
.right { text-align: right; }
.state { display: inline-block; padding: 0.5mm 2.5mm; border: 0.5mm solid var(--report-ink, #111); font-weight: 700; }
.state.preliminary, .state.none { border-style: dashed; }
table { width: 100%; border-collapse: collapse; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { padding: 0.5mm 1.5mm; text-align: left; border-bottom: 0.2mm solid var(--report-line, #bbb); vertical-align: top; }
tbody th { font-weight: 400; }
thead th { font-size: 8pt; border-bottom: 0.3mm solid var(--report-ink, #111); }
.figures thead th:first-child { font-weight: 700; }
.figures { margin-bottom: 1.5mm; }
.twice { columns: 2; column-gap: 6mm; font-size: 7.5pt; line-height: 1.15; }
.twice :is(th, td) { padding: 0.35mm 0.8mm; }
.twice td:first-child { white-space: nowrap; }
.twice thead th { font-size: 7.5pt; }
.twice h2:first-child { margin-top: 0; }
p + .twice { margin-top: 3mm; }
.number { text-align: right; white-space: nowrap; }
.word { white-space: nowrap; }
.uncertain td, .bad td { font-style: italic; }
@media screen { body, :host { padding: 6mm 4mm; } }
.note, small { color: var(--report-quiet, #444); font-size: 8pt; }
footer { display: flex; gap: 8mm; margin-top: 8mm; break-inside: avoid; }
footer div { flex: 1; }
.line { height: 11mm; border-bottom: 0.3mm solid var(--report-ink, #111); }
.line.signed { display: flex; align-items: flex-end; font-size: 11pt; font-weight: 600; }
.handover { margin-top: 1.5mm; font-weight: 600; }
`;
