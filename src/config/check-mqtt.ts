import type { MqttEntry } from "./output-schema.ts";
import { isLoopback } from "./plaintext.ts";
import { faultInPlant } from "./plant-draft.ts";
import type { PlantDraft } from "./plant-draft.ts";
import { urlsOf } from "./resolve-outputs.ts";

/** What one key of an MQTT output asks of another, and Sparkplug of the names in the plant. */
export function checkMqtt(draft: PlantDraft, id: string, output: MqttEntry): void {
  for (const { key, isWrong, sentence } of MQTT_RULES)
    if (isWrong(output)) faultInPlant(draft, ["outputs", id, key(output)], sentence, "key");
  if (output.format === "sparkplug") checkNames(draft, id);
}

/** Sparkplug 3.0.0, 5.1.1: hosts may not care for capitals. */
function checkNames(draft: PlantDraft, id: string): void {
  const devices = alike(Object.keys(draft.devices));
  const tags = alike(draft.instances.map((instance) => instance.id));
  for (const names of [...devices, ...tags])
    faultInPlant(
      draft,
      ["outputs", id, "format"],
      `Sparkplug hosts may take ${names.join(" and ")} for one name: only capitals tell them apart`,
      "key",
    );
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
  readonly sentence: string;
}

const MQTT_RULES: readonly MqttRule[] = [
  {
    key: () => "urls",
    isWrong: ({ url, urls }) => url !== undefined && urls !== undefined,
    sentence: "give either url or urls, not both",
  },
  {
    key: () => "tls",
    isWrong: ({ tls }) => (tls?.cert === undefined) !== (tls?.key === undefined),
    sentence: "cert and key belong together: one is missing",
  },
  {
    key: () => "tls",
    isWrong: (output) => output.tls !== undefined && !urlsOf(output).some(isEncrypted),
    sentence: "none of the brokers is reached by mqtts or wss",
  },
  {
    key: () => "primaryHost",
    isWrong: ({ primaryHost, format }) => primaryHost !== undefined && format !== "sparkplug",
    sentence: "only the format sparkplug knows a primary host",
  },
  {
    key: () => "commands",
    isWrong: ({ commands, format }) => commands !== undefined && format !== "sparkplug",
    sentence: "only the format sparkplug takes commands",
  },
  {
    key: ({ urls }) => (urls === undefined ? "url" : "urls"),
    isWrong: (output) =>
      !output.plaintext && urlsOf(output).some((url) => !isEncrypted(url) && !staysHere(url)),
    sentence:
      "passwords and readings would travel unencrypted to another machine: use mqtts or wss, or say plaintext: true",
  },
];

function isEncrypted(url: string): boolean {
  return /^(mqtts|wss):/u.test(url);
}

/** One whose host is a secret that is missing is not judged. */
function staysHere(url: string): boolean {
  return url.includes("${") || isLoopback(URL.parse(url)?.hostname ?? "");
}
