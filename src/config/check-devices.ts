import { say } from "../domain/said.ts";
import { nearest, suggesting } from "../domain/spelling.ts";
import { writtenKeys } from "./load-profile.ts";
import { faultInPlant } from "./plant-draft.ts";
import type { PlantDraft } from "./plant-draft.ts";

const SERIAL_UNIT_MAX = 247; // Modbus over Serial Line V1.02, 2.2: 0 is broadcast, 248 to 255 are reserved

/** What devices and connections say about each other. */
export function checkDevices(draft: PlantDraft): void {
  checkSerialPorts(draft);
  for (const id of Object.keys(draft.devices)) {
    checkConnection(draft, id);
    checkUnit(draft, id);
  }
}

function checkSerialPorts(draft: PlantDraft): void {
  const owners = new Map<string, string>();
  for (const [id, connection] of Object.entries(draft.connections)) {
    if (connection.protocol !== "modbus-rtu" || connection.path === undefined) continue;
    const owner = owners.get(connection.path);
    if (owner === undefined) owners.set(connection.path, id);
    else faultInPlant(draft, ["connections", id, "path"], say("serial-port-taken", { connection: owner }));
  }
}

function checkConnection(draft: PlantDraft, id: string): void {
  const name = draft.devices[id]?.connection;
  if (name === undefined) return;
  const known = writtenKeys(draft.source, ["connections"]);
  if (known.length === 0) return; // the missing section is a fault of its own
  if (!known.includes(name)) {
    const told = suggesting(say("connection-absent", { name }), nearest(name, known));
    faultInPlant(draft, ["devices", id, "connection"], told);
  } else checkProtocol(draft, id, name);
}

function checkProtocol(draft: PlantDraft, id: string, name: string): void {
  const protocol = draft.connections[name]?.protocol;
  const wanted = draft.profiles.get(id)?.protocol;
  if (protocol === undefined || wanted === undefined || wanted === null || protocol.startsWith(wanted))
    return;
  const told = say("protocols-differ", { wanted, connection: name, spoken: protocol });
  faultInPlant(draft, ["devices", id, "connection"], told);
}

function checkUnit(draft: PlantDraft, id: string): void {
  const { connection = "", unit } = draft.devices[id] ?? {};
  const protocol = draft.connections[connection]?.protocol;
  if (protocol === undefined) return;
  const isWritten = writtenKeys(draft.source, ["devices", id]).includes("unit");
  if (protocol === "opcua") {
    if (isWritten) faultInPlant(draft, ["devices", id, "unit"], say("unit-of-opcua"), "key");
  } else if (!isWritten) faultInPlant(draft, ["devices", id], say("unit-id-missing"), "key");
  else if (protocol !== "modbus-tcp" && unit !== undefined) checkSerialUnit(draft, id, unit);
}

function checkSerialUnit(draft: PlantDraft, id: string, unit: number): void {
  if (unit >= 1 && unit <= SERIAL_UNIT_MAX) return;
  const told = say("unit-of-serial-line", { most: SERIAL_UNIT_MAX, unit });
  faultInPlant(draft, ["devices", id, "unit"], told);
}
