import { checkMqtt } from "./check-mqtt.ts";
import { isLoopback } from "./plaintext.ts";
import { faultInPlant } from "./plant-draft.ts";
import type { PlantDraft } from "./plant-draft.ts";

/** Outputs and the page: what one key asks of another. */
export function checkOutputs(draft: PlantDraft): void {
  for (const [id, output] of Object.entries(draft.outputs)) {
    if (output.type === "mqtt") {
      checkMqtt(draft, id, output);
      continue;
    }
    if (output.tls !== undefined && !output.url.startsWith("https:"))
      faultInPlant(draft, ["outputs", id, "tls"], "the address is not reached by https", "key");
    const needed = output.version === 2 ? (["organization", "bucket"] as const) : (["database"] as const);
    for (const key of needed)
      if (output[key] === undefined)
        faultInPlant(
          draft,
          ["outputs", id],
          `the key \`${key}\` is missing; InfluxDB ${output.version} needs it`,
          "key",
        );
  }
}

export function checkHttp(draft: PlantDraft): void {
  const { auth, host } = draft.http;
  if (auth === "none" && host !== undefined && !isLoopback(host))
    faultInPlant(
      draft,
      ["http", "auth"],
      `without accounts the page is served to this machine only: host must be 127.0.0.1, not ${host}`,
    );
}
