import type { OutputConfig } from "../config/plant.ts";
import type { Output } from "../domain/ports.ts";
import type { OutputContext } from "./context.ts";
import { createInfluxOutput } from "./influx/output.ts";
import { createMqttOutput } from "./mqtt/output.ts";
import { createSparkplugOutput } from "./sparkplug/output.ts";

type Factories = {
  readonly [T in OutputConfig["type"]]: (
    context: OutputContext<Extract<OutputConfig, { type: T }>>,
  ) => Output;
};

const FACTORIES: Factories = {
  mqtt: (context) =>
    context.config.format === "sparkplug" ? createSparkplugOutput(context) : createMqttOutput(context),
  influx: createInfluxOutput,
};

/** Makes the output that `context.config.type` names. Nothing is opened before `connect`. */
export function createOutput(context: OutputContext): Output {
  const create = FACTORIES[context.config.type] as (context: OutputContext) => Output;
  return create(context);
}
