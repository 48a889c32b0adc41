import { formatTime } from "../format.ts";
import { words } from "../preferences.ts";
import { link, lostAt, plant } from "../store.ts";

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
