import { sentenceOf } from "../../told.ts";
import type { DeviceAnswer } from "../../api.ts";
import { formatAge, formatBriefly, formatCount, formatNumber } from "../../format.ts";
import { deviceWords } from "../../i18n/devices.ts";
import { words } from "../../preferences.ts";
import { devices, plantNow } from "../../store.ts";
import { DEVICE_MARKS } from "../../widgets/mark.tsx";
import { Table } from "../../widgets/table.tsx";
import type { Column } from "../../widgets/table.tsx";
import { Judged } from "./abnormal.tsx";

function periodText(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${formatNumber(ms / 1000, ms % 1000 === 0 ? 0 : 1, words.value.locale)} s`;
}

/** The fastest and the slowest of its scan classes. */
function periodsText({ periodsMs }: DeviceAnswer): string {
  const ends = periodsMs.length > 1 ? [periodsMs[0], periodsMs.at(-1)] : periodsMs;
  return ends.map((ms) => periodText(ms ?? 0)).join(" – ");
}

function latencyText({ latencyP50Ms, latencyP99Ms }: DeviceAnswer): string {
  if (latencyP50Ms === null) return "–";
  const shown = [latencyP50Ms, latencyP99Ms].map((ms) =>
    ms === null ? "–" : formatBriefly(ms, words.value),
  );
  return `${shown.join(" / ")} ms`;
}

/** Old after three of its slowest periods: nothing that it measures is live then. */
function isOld({ periodsMs, lastAnswer }: DeviceAnswer): boolean {
  const slowest = periodsMs.at(-1) ?? 0;
  return lastAnswer === null || plantNow.value - Date.parse(lastAnswer) > 3 * Math.max(1000, slowest);
}

function LastGood({ device }: { readonly device: DeviceAnswer }) {
  const { lastAnswer } = device;
  const text =
    lastAnswer === null
      ? words.value.neverAnswered
      : words.value.lastAnswer(formatAge(plantNow.value - Date.parse(lastAnswer)));
  return isOld(device) ? <span class="old">{text}</span> : <>{text}</>;
}

function Name({ device: { device, title } }: { readonly device: DeviceAnswer }) {
  return (
    <span class="two-lines">
      <span>{device}</span>
      <span class="plant-words quiet" title={title}>
        {title}
      </span>
    </span>
  );
}

/** How it is, and in its own words why it is not well. */
function State({ device }: { readonly device: DeviceAnswer }) {
  const { state, lastError, lastSaid, quarantined } = device;
  const isWell = state === "online" || state === "starting";
  const { refusedTags } = deviceWords.value;
  const refused = quarantined.length > 0 ? refusedTags(formatCount(quarantined.length, words.value)) : null;
  const why = isWell || lastError === null ? refused : sentenceOf(lastError, lastSaid);
  return (
    <span class="two-lines">
      <Judged kind={DEVICE_MARKS[state]}>{words.value.deviceState[state]}</Judged>
      {why !== null && (
        <span class="plant-words quiet why" title={why}>
          {why}
        </span>
      )}
    </span>
  );
}

function Breaker({ device: { breaker } }: { readonly device: DeviceAnswer }) {
  const word = deviceWords.value.breakerState[breaker];
  return <Judged kind={breaker === "closed" ? "normal" : "failed"}>{word}</Judged>;
}

type CountName = "polls" | "pollsFailed" | "pollsMissed";

function countColumn(name: CountName, title: string): Column<DeviceAnswer> {
  return { name, title, isNumber: true, cell: (about) => formatCount(about[name], words.value) };
}

function columns(): Column<DeviceAnswer>[] {
  const text = deviceWords.value;
  return [
    { name: "device", title: text.device, cell: (device) => <Name device={device} /> },
    { name: "state", title: text.state, class: "wide state", cell: (device) => <State device={device} /> },
    { name: "period", title: text.period, cell: periodsText },
    { name: "latency", title: text.latency, isNumber: true, cell: latencyText },
    {
      name: "tags",
      title: text.tags,
      isNumber: true,
      class: ({ tags, tagsGood }) => (tagsGood < tags ? "abnormal" : ""),
      cell: ({ tags, tagsGood }) => `${tagsGood} / ${tags}`,
    },
    countColumn("polls", text.polls),
    countColumn("pollsFailed", text.unanswered),
    countColumn("pollsMissed", text.late),
    { name: "breaker", title: text.breaker, cell: (device) => <Breaker device={device} /> },
    { name: "last", title: text.lastGood, isNumber: true, cell: (device) => <LastGood device={device} /> },
  ];
}

export function DeviceTable() {
  const title = words.value.devices;
  return (
    <section aria-labelledby="device-table">
      <h2 id="device-table">{title}</h2>
      <Table
        label={title}
        columns={columns()}
        rows={devices.value}
        keyOf={({ device }) => device}
        empty={deviceWords.value.noDevices}
      />
    </section>
  );
}
