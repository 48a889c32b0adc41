/** What the gateway says of a request that it does not answer as it stands. */
export const REQUEST_SENTENCES = {
  "nothing-here": "There is nothing at this address.",
  "method-impossible": "{method} is not possible at this address.",
  "disk-full":
    "The disk of the gateway is full: what was asked for could not be kept, and nothing was changed.",
  "from-before-to": "from must be earlier than to.",
  "history-days": "History is kept for {days} days: ask for no more than that at once.",
  "time-unread":
    "{name}={text} is no time: write 2026-11-22T12:00:00Z, 2026-11-22T07:00:00-05:00 or milliseconds since 1970.",
  "no-balance": "There are no figures of that period to balance.",
  "no-certificate": "There is no certificate with the thumbprint {thumbprint}.",
  "no-equipment": "There is no equipment {name}.",
  "no-mimic": "No equipment of the area {area} is named.",
  "history-unread": "The history cannot be read now.",
  "no-metric": "There is no metric {name}.",
  "metric-not-told": "{name} is not told by the {period}; it is by {known}.",
  "newest-only": "Of the period {period} only the newest is known; leave out from and to.",
  "no-bill": "This gateway was not packed, so that it has no list.",
  "not-ready": "The first readings of some devices are still awaited.",
  "files-enough": "At most {most} files are sent at once.",
  "no-tag": "There is no tag {name}.",
  "tags-unnamed": "tags must name at least one tag.",
  "tags-enough": "At most {most} tags can be asked for at once.",
  "csv-wanted": "Send the file as text/csv.",
  "page-unbuilt": "The page has not been built yet: run `npm run prepare`.",
  "program-without-password": "A program has a token and no password.",
} as const;
