import { isLoopback } from "./plaintext.ts";
import { faultInPlant } from "./plant-draft.ts";
import type { PlantDraft } from "./plant-draft.ts";

/** What other machines reach of the gateway: nothing goes to them unencrypted unless the plant file says so in so many
 *  words, and nothing at all without accounts. */
export function checkListeners(draft: PlantDraft): void {
  const { http, broker } = draft;
  if (http.auth === "none" && http.host !== undefined && !isLoopback(http.host))
    faultInPlant(
      draft,
      ["http", "auth"],
      `without accounts the page is served to this machine only: host must be 127.0.0.1, not ${http.host}`,
    );
  else checkEncryption(draft, "http", http, "passwords and readings would reach");
  if (broker === undefined) return;
  if (http.auth === "none" && !isLoopback(broker.host))
    faultInPlant(
      draft,
      ["broker", "host"],
      `without accounts there are no tokens, and the broker serves this machine only: host must be 127.0.0.1, not ${broker.host}`,
    );
  else checkEncryption(draft, "broker", broker, "readings would reach");
}

interface Listener {
  readonly host?: string | undefined;
  readonly tls?: unknown;
  readonly plaintext?: boolean | undefined;
}

function checkEncryption(
  draft: PlantDraft,
  section: "http" | "broker",
  { host, tls, plaintext = false }: Listener,
  what: string,
): void {
  if (tls !== undefined && plaintext)
    faultInPlant(draft, [section, "plaintext"], "with tls nothing is plain: leave one of the two out", "key");
  if (host === undefined || isLoopback(host) || tls !== undefined || plaintext) return;
  faultInPlant(
    draft,
    [section, "host"],
    `${what} other machines unencrypted: add tls: generated, or tls: { cert: FILE, key: FILE }` +
      `${section === "http" ? "; behind a reverse proxy on this machine keep host: 127.0.0.1" : ""}; ` +
      "plaintext: true allows it all the same",
  );
}
