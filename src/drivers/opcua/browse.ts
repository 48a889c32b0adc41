import {
  AttributeIds,
  BrowseDirection,
  coerceNodeId,
  makeBrowsePath,
  NodeClass,
  resolveNodeId,
  StatusCodes,
} from "node-opcua";
import type {
  BrowseDescriptionOptions,
  BrowseResult,
  DataValue,
  NodeId,
  ReferenceDescription,
} from "node-opcua";
import type { OpcUaConnection } from "../../config/plant.ts";
import { zeroLinkCounters } from "../../domain/health.ts";
import type { Log } from "../../domain/ports.ts";
import { randomFor } from "../../domain/random.ts";
import { systemClock } from "../../domain/system-clock.ts";
import { routeLibraryNotes } from "./library.ts";
import { closeLink, openChannel, openSession } from "./link.ts";
import type { LinkContext, Session } from "./link-context.ts";
import { chunksOf } from "./plan.ts";
import type { FoundVariable } from "./profile-draft.ts";
import { readOperationLimits } from "./reading.ts";

/** Bounds of a walk, so that a server whose folders contain themselves, or a million nodes, does not keep us for ever. */
const VARIABLES_MAX = 20_000;
const DEPTH_MAX = 24;
const REFERENCES_MAX = 1_000; // in one answer

const HIERARCHICAL_REFERENCES = "HierarchicalReferences";
const BROWSE_ALL = 0x3f; // every field of the answer. OPC 10000-4, 5.9.2
const VARIABLE: number = NodeClass.Variable;
const SERVER_OBJECT = "ns=0;i=2253";

export interface BrowseOptions {
  readonly connection: OpcUaConnection;
  /** Where to begin; the Objects folder when null. */
  readonly node: string | null;
  readonly dataDir: string;
  readonly log: Log;
}

/** Walks a server's address space and returns its variables, in the order in which it lists them.
 *  Throws ConnectionLost with a sentence when the server cannot be reached or is not trusted. */
export async function browseServer({
  connection,
  node,
  dataDir,
  log,
}: BrowseOptions): Promise<FoundVariable[]> {
  routeLibraryNotes(log);
  const signal = new AbortController().signal;
  const context: LinkContext = {
    connection,
    devices: [],
    tags: [],
    clock: systemClock,
    linkClock: systemClock,
    random: randomFor("browse", 0),
    log,
    dataDir,
    noteCertificate: () => undefined,
  };
  const client = await openChannel(context, signal);
  const session = await openSession(context, client, signal);
  try {
    const limits = await readOperationLimits(context, zeroLinkCounters(), session, signal);
    const found = await walk(session, node === null ? resolveNodeId("ObjectsFolder") : coerceNodeId(node));
    return await describeVariables(session, found, limits.nodesPerRead);
  } finally {
    await closeLink(client, session, systemClock);
  }
}

interface Place {
  readonly nodeId: NodeId;
  readonly name: string;
  /** Names of the folders above, outermost first. */
  readonly folders: readonly string[];
}

/** Variables below `root`, breadth first; of a variable only itself, not what hangs on it. */
async function walk(session: Session, root: NodeId): Promise<readonly Place[]> {
  const variables: Place[] = [];
  const seen = new Set<string>([SERVER_OBJECT, root.toString()]);
  let level: Place[] = [{ nodeId: root, name: "", folders: [] }];
  for (let depth = 0; level.length > 0 && depth < DEPTH_MAX; depth++) {
    const next: Place[] = [];
    for (const place of level) {
      const children = await childrenOf(session, place.nodeId);
      for (const child of children.filter(({ nodeId }) => !seen.has(nodeId.toString()))) {
        seen.add(child.nodeId.toString());
        const folders = place.name === "" ? [] : [...place.folders, place.name];
        const at = { nodeId: child.nodeId, name: child.browseName.name ?? child.nodeId.toString(), folders };
        (isVariable(child) ? variables : next).push(at);
        if (variables.length >= VARIABLES_MAX) return variables;
      }
    }
    level = next;
  }
  return variables;
}

function isVariable(reference: ReferenceDescription): boolean {
  const nodeClass: number = reference.nodeClass;
  return nodeClass === VARIABLE;
}

async function childrenOf(session: Session, nodeId: NodeId): Promise<readonly ReferenceDescription[]> {
  const wanted: BrowseDescriptionOptions = {
    nodeId,
    referenceTypeId: HIERARCHICAL_REFERENCES,
    includeSubtypes: true,
    browseDirection: BrowseDirection.Forward,
    nodeClassMask: NodeClass.Object | NodeClass.Variable,
    resultMask: BROWSE_ALL,
  };
  const answer = await session.browse(wanted);
  const references = [...(answer.references ?? [])];
  let point: Buffer | null = answer.continuationPoint ?? null;
  while (point !== null && point.length > 0 && references.length < VARIABLES_MAX) {
    const more: BrowseResult = await session.browseNext(point, false);
    references.push(...(more.references ?? []).slice(0, REFERENCES_MAX));
    point = more.continuationPoint ?? null;
  }
  return references;
}

async function describeVariables(
  session: Session,
  places: readonly Place[],
  nodesPerRead: number,
): Promise<FoundVariable[]> {
  const described: FoundVariable[] = [];
  for (const chunk of chunksOf(places, Math.max(1, Math.floor(nodesPerRead / 5)))) {
    const paths = chunk.flatMap(({ nodeId }) => [
      makeBrowsePath(nodeId, ".EURange"),
      makeBrowsePath(nodeId, ".EngineeringUnits"),
    ]);
    const targets = (await session.translateBrowsePath(paths)).map(({ statusCode, targets: found }) =>
      statusCode.equals(StatusCodes.Good) ? (found?.[0]?.targetId ?? null) : null,
    );
    const attributes = await session.read(
      chunk.flatMap(({ nodeId }) => [
        { nodeId, attributeId: AttributeIds.DataType },
        { nodeId, attributeId: AttributeIds.ValueRank },
        { nodeId, attributeId: AttributeIds.Description },
      ]),
    );
    const properties = await readProperties(session, targets);
    for (const [index, { nodeId, name, folders }] of chunk.entries()) {
      const [dataType, valueRank, description] = attributes.slice(3 * index, 3 * index + 3).map(contentOf);
      described.push({
        node: nodeId.toString(),
        name,
        folders,
        dataType: builtInOf(dataType),
        isArray: typeof valueRank === "number" && valueRank >= 0,
        description: textOf(description),
        range: rangeOf(properties[2 * index]),
        unit: unitOf(properties[2 * index + 1]),
      });
    }
  }
  return described;
}

async function readProperties(
  session: Session,
  targets: readonly (NodeId | null)[],
): Promise<readonly unknown[]> {
  const present = targets.filter((target) => target !== null);
  if (present.length === 0) return targets.map(() => null);
  const values = await session.read(present.map((nodeId) => ({ nodeId, attributeId: AttributeIds.Value })));
  let next = 0;
  return targets.map((target) => {
    const value = target === null ? undefined : values[next++];
    return value === undefined ? null : contentOf(value);
  });
}

function contentOf({ statusCode, value }: DataValue): unknown {
  return statusCode.isGood() ? (value.value as unknown) : null;
}

/** Number of the built-in type; other types keep null: an array of structures is nothing that a tag can hold. */
function builtInOf(dataType: unknown): number | null {
  const id = dataType as { namespace?: number; value?: unknown } | null;
  return id?.namespace === 0 && typeof id.value === "number" ? id.value : null;
}

function textOf(text: unknown): string | null {
  const localized = text as { text?: string | null } | null;
  return localized?.text ?? null;
}

function rangeOf(range: unknown): FoundVariable["range"] {
  const { low, high } = (range ?? {}) as { low?: unknown; high?: unknown };
  return typeof low === "number" && typeof high === "number" && low < high ? { low, high } : null;
}

function unitOf(units: unknown): FoundVariable["unit"] {
  if (units === null || units === undefined) return null;
  const { unitId, displayName, description } = units as {
    unitId?: number;
    displayName?: { text?: string | null };
    description?: { text?: string | null };
  };
  return { unitId: unitId ?? -1, displayName: displayName?.text ?? "", description: description?.text ?? "" };
}
