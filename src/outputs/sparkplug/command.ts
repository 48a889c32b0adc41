import { BinaryReader } from "@bufbuild/protobuf/wire";
import { MetricField, PayloadField } from "./fields.ts";

/** Asks the edge node to say everything again (Sparkplug 3.0.0, 5.13.1). Hosts address it by name. */
export const REBIRTH = "Node Control/Rebirth";

/** Metrics looked at in one command: it has one or a few, unless somebody means harm. */
const COMMAND_METRICS_MAX = 100;

/** Whether an NCMD asks for a rebirth. What cannot be read asks for nothing. */
export function asksForRebirth(payload: Uint8Array): boolean {
  try {
    return readMetrics(new BinaryReader(payload)).some(({ name, isTrue }) => name === REBIRTH && isTrue);
  } catch {
    return false; // not protobuf, cut short, or a field of another type than its number says
  }
}

interface Command {
  name: string;
  isTrue: boolean;
}

function readMetrics(reader: BinaryReader): Command[] {
  const commands: Command[] = [];
  while (reader.pos < reader.len && commands.length < COMMAND_METRICS_MAX) {
    const [field, wireType] = reader.tag();
    if (field === PayloadField.metrics) commands.push(readMetric(reader));
    else reader.skip(wireType, field);
  }
  return commands;
}

function readMetric(reader: BinaryReader): Command {
  const end = reader.uint32() + reader.pos;
  const command: Command = { name: "", isTrue: false };
  while (reader.pos < end) {
    const [field, wireType] = reader.tag();
    if (field === MetricField.name) command.name = reader.string();
    else if (field === MetricField.boolean) command.isTrue = reader.bool();
    else reader.skip(wireType, field);
  }
  return command;
}
