import type { MqttOutputConfig } from "../../config/plant.ts";
import type { TagCommand } from "../../domain/write.ts";
import type { OutputContext } from "../context.ts";
import { asksForRebirth, readCommand, REBIRTH, tagCommand } from "./command.ts";
import type { TagNames } from "./command.ts";
import type { Topics } from "./topics.ts";

const WILDCARD = "+";

/** What hosts send to this edge node: asks for rebirths, and values to be written where somebody listens to those. */
export class Commands {
  /** To be subscribed to. */
  readonly filters: readonly string[];
  readonly #nodeCommand: string;
  readonly #deviceRoot: string;
  /** By topic. */
  readonly #devices: ReadonlyMap<string, string>;
  readonly #names: TagNames;
  readonly #command: (command: TagCommand) => void;

  constructor({ plant, command }: OutputContext<MqttOutputConfig>, topics: Topics) {
    this.#nodeCommand = topics.nodeCommand;
    this.#deviceRoot = topics.deviceCommands.slice(0, -WILDCARD.length);
    this.#names = { tags: plant.tags, byName: new Map(plant.tags.map((tag) => [tag.id, tag])) };
    this.#command = command ?? (() => undefined);
    const devices = command === undefined ? [] : [...new Set(plant.tags.map(({ device }) => device))];
    this.#devices = new Map(devices.map((device) => [topics.deviceCommand(device), device]));
    this.filters = [topics.nodeCommand, ...(devices.length === 0 ? [] : [topics.deviceCommands])];
  }

  isOne(topic: string): boolean {
    return topic === this.#nodeCommand || topic.startsWith(this.#deviceRoot);
  }

  /** Hands on what is to be written; `rebirth` when the node is asked to say everything again. */
  take(topic: string, payload: Uint8Array): "rebirth" | null {
    const device = this.#devices.get(topic) ?? null;
    const metrics = readCommand(payload);
    if (metrics === null) {
      this.#command(unreadable(device, topic));
      return null;
    }
    const isNode = topic === this.#nodeCommand;
    for (const metric of metrics) {
      if (isNode && metric.name === REBIRTH) continue;
      this.#command(tagCommand(this.#names, device, metric));
    }
    return isNode && asksForRebirth(metrics) ? "rebirth" : null;
  }
}

function unreadable(device: string | null, topic: string): TagCommand {
  const fault = "The command cannot be read.";
  return { device, name: topic, tag: null, value: null, sentAt: null, fault };
}
