/** Black on white, no colour that a copier would lose, and no table row over two pages. */
export const REPORT_STYLE = `
@page { size: A4; margin: 14mm 12mm 16mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 186mm; color: #111; background: #fff; font: 9pt/1.3 system-ui, "Noto Sans", "DejaVu Sans", sans-serif; font-variant-numeric: tabular-nums; }
p { margin: 0; }
header { display: flex; justify-content: space-between; gap: 8mm; padding-bottom: 2mm; border-bottom: 0.5mm solid #111; }
h1 { margin: 0; font-size: 15pt; }
h2 { margin: 4mm 0 1mm; font-size: 10.5pt; break-after: avoid; }
.plant { font-weight: 600; }
.right { text-align: right; }
.state { display: inline-block; padding: 0.5mm 2.5mm; border: 0.5mm solid #111; font-weight: 700; }
.state.preliminary, .state.none { border-style: dashed; }
table { width: 100%; border-collapse: collapse; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { padding: 0.5mm 1.5mm; text-align: left; border-bottom: 0.2mm solid #bbb; vertical-align: top; }
tbody th { font-weight: 400; }
thead th { font-size: 8pt; border-bottom: 0.3mm solid #111; }
.area th { padding-top: 1.5mm; font-weight: 700; break-after: avoid; }
.number { text-align: right; white-space: nowrap; }
.uncertain td, .bad td { font-style: italic; }
@media screen { body { padding: 6mm 4mm; } }
.note, small { color: #444; font-size: 8pt; }
footer { display: flex; gap: 8mm; margin-top: 14mm; break-inside: avoid; }
footer div { flex: 1; }
.line { height: 12mm; border-bottom: 0.3mm solid #111; }
.line.signed { display: flex; align-items: flex-end; font-size: 11pt; font-weight: 600; }
.handover { margin-top: 1.5mm; font-weight: 600; }
@media screen { :root[data-theme="dark"] body { color: #ececec; background: #363a3e; }
:root[data-theme="dark"] :is(header, .state, thead th, .line) { border-color: #9aa0a6; } :root[data-theme="dark"] :is(.note, small) { color: #bcc1c6; }
:root[data-theme="dark"] :is(th, td) { border-bottom-color: #5c6268; } }
`;
