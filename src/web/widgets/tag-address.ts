/** Where the trend of a tag is shown. */
export function trendAddress(tag: string): string {
  return `/trends?tags=${encodeURIComponent(tag)}`;
}

/** Where everything about a tag is shown. */
export function tagAddress(tag: string): string {
  return `/tag/${encodeURIComponent(tag)}`;
}
