import { Told, toldObject } from "../told.ts";
import { Type } from "typebox";
import type { Static } from "typebox";
import type { DeviceHealth, OutputHealth } from "../../domain/health.ts";
import type { App } from "../app.ts";
import { Failure } from "../failure.ts";
import { isoTimeOrNull } from "../tag-object.ts";
import type { GatewayView } from "../view.ts";

const Milliseconds = Type.Union([Type.Number(), Type.Null()], { description: "ms" });
const Text = Type.Union([Type.String(), Type.Null()]);
const Count = Type.Integer({ minimum: 0 });

const DeviceObject = Type.Object(
  {
    device: Type.String(),
    title: Type.String(),
    connection: Type.String(),
    protocol: Type.String(),
    area: Type.String(),
    periodsMs: Type.Array(Type.Number(), { description: "How often it is read, ms; the fastest first." }),
    state: Type.Union([
      Type.Literal("online"),
      Type.Literal("degraded"),
      Type.Literal("silent"),
      Type.Literal("disconnected"),
      Type.Literal("starting"),
    ]),
    lastError: Text,
    lastSaid: Told,
    lastAnswer: Text,
    tags: Count,
    tagsGood: Count,
    polls: Count,
    pollsFailed: Count,
    pollsMissed: Count,
    latencyP50Ms: Milliseconds,
    latencyP99Ms: Milliseconds,
    breaker: Type.Union([Type.Literal("closed"), Type.Literal("open"), Type.Literal("half-open")]),
    quarantined: Type.Array(Type.String(), { description: "Tags that the device refuses." }),
    certificate: Type.Union([Type.String(), Type.Null()], {
      description: "Thumbprint of the certificate that it showed last.",
    }),
  },
  { title: "Device" },
);

const ConnectionObject = Type.Object(
  {
    connection: Type.String(),
    protocol: Type.String(),
    endpoint: Type.String(),
    connected: Type.Boolean(),
    counters: Type.Object({
      requests: Count,
      replies: Count,
      timeouts: Count,
      exceptions: Count,
      lateReplies: Count,
      foreignReplies: Count,
      malformedFrames: Count,
      connects: Count,
      stalls: Count,
      bytesSent: Count,
      bytesReceived: Count,
    }),
  },
  { title: "Connection" },
);

const OutputObject = Type.Object(
  {
    output: Type.String(),
    type: Type.String(),
    endpoint: Type.String(),
    plaintext: Type.Array(Type.String(), {
      description: "Other machines to which readings and passwords travel unencrypted.",
    }),
    connected: Type.Boolean(),
    lastError: Text,
    lastSaid: Told,
    accepted: Count,
    delivered: Count,
    pending: Count,
    dropped: Type.Integer({ description: "Readings lost, for whatever reason." }),
    droppedByReason: Type.Record(Type.String(), Count),
    stalls: Type.Integer({ description: "Times that nothing moved, and the connection was made anew." }),
    quarantined: Type.Integer({ description: "Readings that the sink refused for good." }),
    resent: Type.Integer({ description: "Readings sent a second time, in case the sink lost them." }),
    lag: Type.Number({ description: "Age of the oldest reading not yet delivered, ms." }),
  },
  { title: "Output", description: "accepted = delivered + pending + quarantined + dropped, always." },
);

function deviceObject(health: DeviceHealth): Static<typeof DeviceObject> {
  return {
    ...health,
    lastSaid: toldObject(health.lastSaid),
    lastAnswer: isoTimeOrNull(health.lastAnswer),
    quarantined: [...health.quarantined],
    periodsMs: [...health.periodsMs],
  };
}

function outputObject({ lagMs, dropped, ...health }: OutputHealth): Static<typeof OutputObject> {
  return {
    ...health,
    lastSaid: toldObject(health.lastSaid),
    plaintext: [...health.plaintext],
    dropped: Object.values(dropped).reduce((sum, count) => sum + count, 0),
    droppedByReason: dropped,
    lag: lagMs,
  };
}

export function deviceRoutes(app: App, view: GatewayView): void {
  app.get(
    "/api/v1/devices",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Health of the devices",
        tags: ["health"],
        response: { 200: Type.Array(DeviceObject), default: Failure },
      },
    },
    () => view.devices().map(deviceObject),
  );
  app.get(
    "/api/v1/connections",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Counters of the field connections",
        tags: ["health"],
        response: { 200: Type.Array(ConnectionObject), default: Failure },
      },
    },
    () => [...view.connections()],
  );
  app.get(
    "/api/v1/outputs",
    {
      config: { role: "viewer" },
      schema: {
        summary: "What the outputs have taken, delivered, kept and lost",
        tags: ["health"],
        response: { 200: Type.Array(OutputObject), default: Failure },
      },
    },
    () => view.outputs().map(outputObject),
  );
}
