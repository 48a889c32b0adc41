import { say } from "../domain/said.ts";
import type { Said } from "../domain/said.ts";
import { isLoopback } from "./plaintext.ts";
import { faultInPlant } from "./plant-draft.ts";
import type { PlantDraft } from "./plant-draft.ts";

/** What other machines reach of the gateway: nothing goes to them unencrypted unless the plant file says so in so many
 *  words, and nothing at all without accounts. */
export function checkListeners(draft: PlantDraft): void {
  const { http, broker } = draft;
  if (http.auth === "none" && http.host !== undefined && !isLoopback(http.host))
    faultInPlant(draft, ["http", "auth"], say("page-without-accounts", { host: http.host }));
  else checkEncryption(draft, "http", http, say("page-unencrypted"));
  if (broker === undefined) return;
  if (http.auth === "none" && !isLoopback(broker.host))
    faultInPlant(draft, ["broker", "host"], say("broker-without-accounts", { host: broker.host }));
  else checkEncryption(draft, "broker", broker, say("broker-unencrypted"));
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
  unencrypted: Said,
): void {
  if (tls !== undefined && plaintext)
    faultInPlant(draft, [section, "plaintext"], say("tls-and-plain"), "key");
  if (host === undefined || isLoopback(host) || tls !== undefined || plaintext) return;
  faultInPlant(draft, [section, "host"], unencrypted);
}
