import { formatAge, formatTime } from "../format.ts";
import { words } from "../preferences.ts";
import { clockAheadMin, link, lostAt, outputs, plant } from "../store.ts";

/** Says that nothing on the page is live any more. */
export function Banner() {
  if (link.value !== "lost") return null;
  const { linkLost, linkLostHint, link: linkWords, locale } = words.value;
  const since = lostAt.value;
  const zone = plant.value?.timeZone;
  return (
    <div class="banner" role="alert">
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <rect x="1" y="1" width="10" height="10" />
      </svg>
      <strong>
        {since === null || zone === undefined ? linkWords.lost : linkLost(formatTime(since, zone, locale))}
      </strong>
      <span>{linkLostHint}</span>
    </div>
  );
}

/** Says that this machine's clock and the plant's differ. Nothing on the page follows the wrong one. */
export function ClockBanner() {
  const ahead = clockAheadMin.value;
  if (ahead === 0) return null;
  const { clockAhead, clockBehind, clockHint } = words.value;
  const by = formatAge(60_000 * Math.abs(ahead));
  return (
    <div class="banner caution" role="status">
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <path d="M6 1.2a4.8 4.8 0 1 0 .01 0zM6 3.2V6l2 1.4" />
      </svg>
      <strong>{ahead > 0 ? clockAhead(by) : clockBehind(by)}</strong>
      <span>{clockHint}</span>
    </div>
  );
}

/** Says what of the page, the broker and the outputs anybody on the way can read and change, as long as the plant file
 *  allows it. */
export function PlaintextBanner() {
  const { plaintext, plaintextListener, plaintextHint } = words.value;
  const open = outputs.value.filter(({ plaintext: hosts }) => hosts.length > 0);
  const listeners = plant.value?.plaintext ?? [];
  if (open.length + listeners.length === 0) return null;
  return (
    <div class="banner caution" role="status">
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <path d="M2.5 6h7v5h-7zM4 6V3.8a2 2 0 0 1 3.9-.6" />
      </svg>
      {listeners.map((listener) => (
        <strong key={listener}>{plaintextListener[listener]}</strong>
      ))}
      {open.map(({ output, plaintext: hosts }) => (
        <strong key={output}>{plaintext(output, hosts.join(", "))}</strong>
      ))}
      <span>{plaintextHint}</span>
    </div>
  );
}
