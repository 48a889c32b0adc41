import type { OutputAnswer } from "../api.ts";
import { formatCount, formatNumber } from "../format.ts";
import { words } from "../preferences.ts";
import { outputs } from "../store.ts";
import { Mark } from "./mark.tsx";

/** Readings that wait longer than this are late, ms. */
const LAG_LATE_MS = 10_000;

function OutputRow({ about }: { readonly about: OutputAnswer }) {
  const { output: names } = words.value;
  const count = (n: number): string => formatCount(n, words.value);
  const lostClass = about.dropped > 0 ? "number abnormal" : "number";
  const refusedClass = about.quarantined > 0 ? "number abnormal" : "number";
  const lagClass = about.lag > LAG_LATE_MS ? "number abnormal" : "number";
  return (
    <tr class={about.connected ? "well" : "unwell"} data-output={about.output}>
      <th scope="row">{about.output}</th>
      <td class="endpoint" title={about.lastError ?? about.endpoint}>
        {about.connected ? about.endpoint : (about.lastError ?? about.endpoint)}
      </td>
      <td class="output-state">
        <Mark kind={about.connected ? "normal" : "failed"} />
        {about.connected ? names.connected : names.disconnected}
      </td>
      <td class="number">{count(about.accepted)}</td>
      <td class="number">{count(about.delivered)}</td>
      <td class="number">{count(about.pending)}</td>
      <td class={lostClass}>{count(about.dropped)}</td>
      <td class={refusedClass}>{count(about.quarantined)}</td>
      <td class={lagClass}>{formatNumber(about.lag / 1000, 1, words.value.locale)} s</td>
    </tr>
  );
}

export function OutputStrip() {
  const { outputs: title, noOutputs, output: names } = words.value;
  const counted = [
    names.accepted,
    names.delivered,
    names.pending,
    names.dropped,
    names.quarantined,
    names.lag,
  ];
  return (
    <section aria-labelledby="outputs">
      <h2 id="outputs">{title}</h2>
      {outputs.value.length === 0 ? (
        <p class="panel quiet">{noOutputs}</p>
      ) : (
        <table class="panel outputs">
          <thead>
            <tr>
              <th scope="col">{names.name}</th>
              <th scope="col">{names.endpoint}</th>
              <th scope="col">{names.state}</th>
              {counted.map((name) => (
                <th scope="col" class="number" key={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {outputs.value.map((about) => (
              <OutputRow key={about.output} about={about} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
