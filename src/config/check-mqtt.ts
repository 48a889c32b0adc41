import { say } from "../domain/said.ts";
import type { Said } from "../domain/said.ts";
import type { MqttEntry } from "./output-schema.ts";
import { isLoopback } from "./plaintext.ts";
import { faultInPlant } from "./plant-draft.ts";
import type { PlantDraft } from "./plant-draft.ts";
import { urlsOf } from "./resolve-outputs.ts";

/** What one key of an MQTT output asks of another, and Sparkplug of the names in the plant. */
export function checkMqtt(draft: PlantDraft, id: string, output: MqttEntry): void {
  for (const { key, isWrong, told } of MQTT_RULES)
    if (isWrong(output)) faultInPlant(draft, ["outputs", id, key(output)], told, "key");
  if (output.format === "sparkplug") checkNames(draft, id);
}

/** Sparkplug 3.0.0, 5.1.1: hosts may not care for capitals. */
function checkNames(draft: PlantDraft, id: string): void {
  const devices = alike(Object.keys(draft.devices));
  const tags = alike(draft.instances.map((instance) => instance.id));
  for (const names of [...devices, ...tags])
    faultInPlant(draft, ["outputs", id, "format"], say("names-alike", { names: joined(names) }), "key");
}

function joined([first = "", ...others]: readonly string[]): Said | string {
  return others.reduce<Said | string>((one, other) => say("and", { one, other }), first);
}

/** Names that are one when capitals do not count. */
function alike(names: readonly string[]): readonly (readonly string[])[] {
  const groups = new Map<string, Set<string>>();
  for (const name of names) {
    const group = groups.get(name.toLowerCase()) ?? new Set();
    groups.set(name.toLowerCase(), group.add(name));
  }
  return [...groups.values()].filter(({ size }) => size > 1).map((group) => Array.from(group));
}

interface MqttRule {
  /** Where the fault is shown. */
  readonly key: (output: MqttEntry) => string;
  readonly isWrong: (output: MqttEntry) => boolean;
  readonly told: Said;
}

const MQTT_RULES: readonly MqttRule[] = [
  {
    key: () => "urls",
    isWrong: ({ url, urls }) => url !== undefined && urls !== undefined,
    told: say("url-or-urls"),
  },
  {
    key: () => "tls",
    isWrong: ({ tls }) => (tls?.cert === undefined) !== (tls?.key === undefined),
    told: say("cert-and-key"),
  },
  {
    key: () => "tls",
    isWrong: (output) => output.tls !== undefined && !urlsOf(output).some(isEncrypted),
    told: say("no-mqtts"),
  },
  {
    key: () => "primaryHost",
    isWrong: ({ primaryHost, format }) => primaryHost !== undefined && format !== "sparkplug",
    told: say("host-of-sparkplug"),
  },
  {
    key: () => "commands",
    isWrong: ({ commands, format }) => commands !== undefined && format !== "sparkplug",
    told: say("commands-of-sparkplug"),
  },
  {
    key: ({ urls }) => (urls === undefined ? "url" : "urls"),
    isWrong: (output) =>
      !output.plaintext && urlsOf(output).some((url) => !isEncrypted(url) && !staysHere(url)),
    told: say("output-unencrypted"),
  },
];

function isEncrypted(url: string): boolean {
  return /^(mqtts|wss):/u.test(url);
}

/** One whose host is a secret that is missing is not judged. */
function staysHere(url: string): boolean {
  return url.includes("${") || isLoopback(URL.parse(url)?.hostname ?? "");
}
