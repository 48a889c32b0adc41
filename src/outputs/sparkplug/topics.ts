import { topic } from "../mqtt/topic.ts";

/** Topics of one edge node (Sparkplug 3.0.0, 4). Names are escaped as in the plain format, so that none can break out. */
export interface Topics {
  readonly nodeBirth: string;
  readonly nodeData: string;
  readonly nodeDeath: string;
  readonly nodeCommand: string;
  /** DCMD of all devices, as a filter. */
  readonly deviceCommands: string;
  deviceCommand(device: string): string;
  /** STATE of a host application. */
  hostState(host: string): string;
  deviceBirth(device: string): string;
  deviceData(device: string): string;
  deviceDeath(device: string): string;
}

const NAMESPACE = "spBv1.0";

export function createTopics(group: string, node: string): Topics {
  const ofNode = (verb: string): string => topic(NAMESPACE, group, verb, node);
  const ofDevice = (verb: string, device: string): string => topic(NAMESPACE, group, verb, node, device);
  return {
    nodeBirth: ofNode("NBIRTH"),
    nodeData: ofNode("NDATA"),
    nodeDeath: ofNode("NDEATH"),
    nodeCommand: ofNode("NCMD"),
    deviceCommands: `${ofNode("DCMD")}/+`,
    deviceCommand: (device) => ofDevice("DCMD", device),
    hostState: (host) => topic(NAMESPACE, "STATE", host),
    deviceBirth: (device) => ofDevice("DBIRTH", device),
    deviceData: (device) => ofDevice("DDATA", device),
    deviceDeath: (device) => ofDevice("DDEATH", device),
  };
}
