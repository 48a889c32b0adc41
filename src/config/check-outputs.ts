import { say } from "../domain/said.ts";
import { checkMqtt } from "./check-mqtt.ts";
import { faultInPlant } from "./plant-draft.ts";
import type { PlantDraft } from "./plant-draft.ts";

/** Outputs: what one key asks of another. */
export function checkOutputs(draft: PlantDraft): void {
  for (const [id, output] of Object.entries(draft.outputs)) {
    if (output.type === "mqtt") {
      checkMqtt(draft, id, output);
      continue;
    }
    if (output.tls !== undefined && !output.url.startsWith("https:"))
      faultInPlant(draft, ["outputs", id, "tls"], say("no-https"), "key");
    const needed = output.version === 2 ? (["organization", "bucket"] as const) : (["database"] as const);
    for (const key of needed)
      if (output[key] === undefined)
        faultInPlant(draft, ["outputs", id], say("influx-needs", { key, version: output.version }), "key");
  }
}
