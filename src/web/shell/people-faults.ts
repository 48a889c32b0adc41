import { peopleWords } from "../i18n/people.ts";

export type Meanings = Readonly<Record<number, string>>;

/** What is wrong, in the reader's language, by the status of the answer; null when it was done. `meanings` is what some
 *  of them mean where it was asked. Without a response the gateway is away. */
export function faultOf(response: Response | null, meanings: Meanings = {}): string | null {
  const { failed, throttled, badName, weak } = peopleWords.value;
  if (response === null) return failed;
  if (response.ok) return null;
  const usual: Meanings = {
    400: weak,
    422: badName,
    429: throttled(response.headers.get("retry-after") ?? ""),
  };
  return meanings[response.status] ?? usual[response.status] ?? failed;
}
