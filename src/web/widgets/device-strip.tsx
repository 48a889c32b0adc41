import { sentenceOf } from "../told.ts";
import type { DeviceAnswer } from "../api.ts";
import { formatAge, formatBriefly, formatCount } from "../format.ts";
import { words } from "../preferences.ts";
import { devices, plantNow } from "../store.ts";
import { DEVICE_MARKS, Mark } from "./mark.tsx";

function LastAnswer({ device: { lastAnswer } }: { readonly device: DeviceAnswer }) {
  if (lastAnswer === null) return <>{words.value.neverAnswered}</>;
  return <>{words.value.lastAnswer(formatAge(plantNow.value - Date.parse(lastAnswer)))}</>;
}

function DeviceCard({ device }: { readonly device: DeviceAnswer }) {
  const { deviceState, tagsGood, latency } = words.value;
  const { state, tags, latencyP50Ms, lastError, lastSaid } = device;
  const isWell = state === "online" || state === "starting";
  const [good, all] = [formatCount(device.tagsGood, words.value), formatCount(tags, words.value)];
  const goodOfAll = tagsGood(good, all);
  const detail = isWell || lastError === null ? device.title : sentenceOf(lastError, lastSaid);
  return (
    <li class={`panel device ${isWell ? "well" : "unwell"}`} data-device={device.device}>
      <div class="device-head">
        <Mark kind={DEVICE_MARKS[state]} />
        <strong>{device.device}</strong>
        <span class="device-state">{deviceState[state]}</span>
      </div>
      <div class="plant-words" title={detail}>
        {detail}
      </div>
      <div class="device-facts">
        <span title={goodOfAll}>
          <span aria-hidden="true">
            {good}/{all}
          </span>
          <span class="visually-hidden">{goodOfAll}</span>
        </span>
        {latencyP50Ms !== null && (state === "online" || state === "degraded") && (
          <span>{latency(formatBriefly(latencyP50Ms, words.value))}</span>
        )}
        <span>
          <LastAnswer device={device} />
        </span>
      </div>
    </li>
  );
}

export function DeviceStrip() {
  return (
    <section aria-labelledby="devices">
      <h2 id="devices">{words.value.devices}</h2>
      <ul class="devices">
        {devices.value.map((device) => (
          <DeviceCard key={device.device} device={device} />
        ))}
      </ul>
    </section>
  );
}
