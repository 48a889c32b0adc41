import { sentenceOf, systemText } from "../../told.ts";
import type { ComponentChildren } from "preact";
import type { OutputAnswer } from "../../api.ts";
import { formatAge, formatBriefly, formatCount, formatNumber } from "../../format.ts";
import { deviceWords } from "../../i18n/devices.ts";
import { plantTime } from "../../plant-time.ts";
import { words } from "../../preferences.ts";
import { outputs } from "../../store.ts";
import { Fact } from "../../widgets/fact.tsx";
import { Mark } from "../../widgets/mark.tsx";
import { Judged } from "./abnormal.tsx";
import type { GatewayAnswer } from "./answers.ts";

/** As /healthz judges. */
const LOOP_LATE_MS = 200;
const SYNC_SLOW_MS = 20;
const SPOOL_NEARLY_FULL = 0.8;

const UNITS = ["B", "kB", "MB", "GB", "TB"];

function bytesText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const amount = bytes / 1000 ** power;
  const decimals = power === 0 || amount >= 100 ? 0 : 1;
  return `${formatNumber(amount, decimals, words.value.locale)} ${UNITS[power] ?? ""}`;
}

function millisecondsText(ms: number): string {
  return `${formatBriefly(ms, words.value)} ms`;
}

/** Said plainly while it is well, else with shape and colour. */
function Maybe({ isWell, children }: { readonly isWell: boolean; readonly children: ComponentChildren }) {
  return isWell ? <>{children}</> : <Judged kind="failed">{children}</Judged>;
}

function Sync({ ms }: { readonly ms: number | null }) {
  const { slow, unknown } = deviceWords.value;
  if (ms === null) return <span class="quiet">{unknown}</span>;
  const isWell = ms <= SYNC_SLOW_MS;
  return (
    <Maybe isWell={isWell}>
      {millisecondsText(ms)}
      {isWell ? "" : ` ${slow}`}
    </Maybe>
  );
}

function HistoryState({ history: { days, databaseBytes, dropped, lastError, lastSaid } }: GatewayAnswer) {
  const { historyLost, historyUnkept } = deviceWords.value;
  if (days === 0) return <>{historyUnkept}</>;
  const lost = dropped > 0 ? historyLost(formatCount(dropped, words.value)) : null;
  const trouble = lastError === null ? lost : sentenceOf(lastError, lastSaid);
  return (
    <Maybe isWell={trouble === null}>
      {bytesText(databaseBytes)}
      {trouble === null ? "" : ` ${trouble}`}
    </Maybe>
  );
}

/** Version, memory, and how well it keeps up. */
export function GatewayPanel({ gateway }: { readonly gateway: GatewayAnswer }) {
  const text = deviceWords.value;
  const { eventLoopDelayP99Ms: delay, journalTrouble } = gateway;
  return (
    <section aria-labelledby="gateway-panel">
      <h2 id="gateway-panel">{text.gateway}</h2>
      <dl class="panel health">
        <Fact name={text.version}>{gateway.version}</Fact>
        <Fact name={text.uptime}>{formatAge(gateway.uptimeS * 1000)}</Fact>
        <Fact name={text.memory}>{bytesText(gateway.memoryBytes)}</Fact>
        <Fact name={text.loopDelay}>
          <Maybe isWell={delay <= LOOP_LATE_MS}>
            {millisecondsText(delay)}
            {delay <= LOOP_LATE_MS ? "" : ` ${text.loopLate}`}
          </Maybe>
        </Fact>
        <Fact name={text.sync}>
          <Sync ms={gateway.spool.syncMs} />
        </Fact>
        <Fact name={text.history}>
          <HistoryState {...gateway} />
        </Fact>
        <Fact name={text.journal}>
          <Maybe isWell={journalTrouble === null}>
            {journalTrouble === null ? text.well : systemText(journalTrouble)}
          </Maybe>
        </Fact>
        <Fact name={text.clients}>{formatCount(gateway.liveClients, words.value)}</Fact>
      </dl>
    </section>
  );
}

function Fill({ bytes, bytesMax }: GatewayAnswer["spool"]) {
  const share = bytesMax > 0 ? Math.min(1, bytes / bytesMax) : 0;
  const percent = `${formatNumber(100 * share, share < 0.1 ? 1 : 0, words.value.locale)} %`;
  return (
    <Maybe isWell={share <= SPOOL_NEARLY_FULL}>
      {deviceWords.value.fillOf(bytesText(bytes), bytesText(bytesMax))} ({percent})
      <span class="spool-bar" aria-hidden="true">
        <span style={{ width: `${100 * share}%` }} />
      </span>
    </Maybe>
  );
}

/** What waits for the outputs, and for how long it can. */
export function SpoolPanel({ gateway: { spool } }: { readonly gateway: GatewayAnswer }) {
  const text = deviceWords.value;
  const { hoursLeft, oldest, damagedBlocks, unsynced } = spool;
  const hours = hoursLeft === null ? null : formatBriefly(hoursLeft, words.value);
  return (
    <section aria-labelledby="spool-panel">
      <h2 id="spool-panel">{text.spool}</h2>
      <dl class="panel health">
        <Fact name={text.fill}>
          <Fill {...spool} />
        </Fact>
        <Fact name={text.hoursLeft}>
          {hours === null ? <span class="quiet">{text.unknown}</span> : text.hours(hours)}
        </Fact>
        <Fact name={text.oldest}>{oldest === null ? "–" : plantTime(oldest)}</Fact>
        <Fact name={text.isProtected}>
          <Maybe isWell={spool.protected}>
            {spool.protected ? text.yes : text.unprotected(formatCount(unsynced, words.value))}
          </Maybe>
        </Fact>
        <Fact name={text.damaged}>
          <Maybe isWell={damagedBlocks === 0}>{formatCount(damagedBlocks, words.value)}</Maybe>
        </Fact>
      </dl>
      <OutputNotes />
    </section>
  );
}

function notesOf({
  output,
  connected,
  lastError,
  lastSaid,
  droppedByReason,
  quarantined,
}: OutputAnswer): string[] {
  const text = deviceWords.value;
  const reasons: Readonly<Record<string, string>> = text.lostReason;
  const count = (some: number): string => formatCount(some, words.value);
  return [
    ...(connected || lastError === null ? [] : [text.notConnected(output, sentenceOf(lastError, lastSaid))]),
    ...Object.entries(droppedByReason)
      .filter(([, some]) => some > 0)
      .map(([reason, some]) => text.lost(output, count(some), reasons[reason] ?? reason)),
    ...(quarantined > 0 ? [text.deadLetters(output, count(quarantined))] : []),
  ];
}

/** What is wrong with outputs, in sentences. */
function OutputNotes() {
  const notes = outputs.value.flatMap(notesOf);
  if (notes.length === 0) return null;
  return (
    <ul class="output-notes">
      {notes.map((note) => (
        <li key={note} class="abnormal">
          <Mark kind="failed" /> {note}
        </li>
      ))}
    </ul>
  );
}
