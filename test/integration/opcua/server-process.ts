import { join } from "node:path";
import {
  DataType,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAServer,
  Range,
  SecurityPolicy,
  StatusCodes,
  Variant,
  VariantArrayType,
  coerceInt64,
  coerceUInt64,
  setErrorLogger,
  setWarningLogger,
} from "node-opcua";
import type { Namespace, StatusCode, Subscription, UAVariable, VariantLike } from "node-opcua";
import type { Order, ServerSettings, Setting } from "./server.ts";

/** An OPC UA server in a process of its own, so that a test can kill or freeze it for real. Orders come over IPC. */
const settings = JSON.parse(process.argv[2] ?? "{}") as ServerSettings;
setErrorLogger(() => {});
setWarningLogger(() => {});

const certificates = new OPCUACertificateManager({
  rootFolder: settings.pki,
  automaticallyAcceptUnknownCertificate: settings.acceptsAnyClient,
});
await certificates.initialize();
const certificateFile = join(settings.pki, "own", "certs", "server.pem");
if (settings.certificate !== null)
  await certificates.createSelfSignedCertificate({
    applicationUri: settings.certificate.applicationUri,
    dns: ["localhost"],
    ip: ["127.0.0.1"],
    outputFile: certificateFile,
    subject: "/CN=Test server",
    startDate: new Date(settings.certificate.startDate),
    validity: settings.certificate.days,
  });

const server = new OPCUAServer({
  host: "127.0.0.1",
  port: settings.port,
  resourcePath: "/test",
  securityModes: settings.modes.map((mode) => MessageSecurityMode[mode]),
  securityPolicies: settings.policies.map((policy) => SecurityPolicy[policy]),
  allowAnonymous: settings.user === null,
  serverCertificateManager: certificates,
  userCertificateManager: certificates,
  ...(settings.certificate === null ? {} : { certificateFile }),
  serverInfo: { applicationUri: "urn:test-server" },
  userManager: {
    isValidUser: (user: string, password: string) =>
      user === settings.user?.name && password === settings.user.password,
  },
  serverCapabilities: {
    operationLimits: { maxNodesPerRead: settings.limit, maxMonitoredItemsPerCall: settings.limit },
    minSupportedSampleRate: 0,
  },
});
await server.initialize();
const addressSpace = server.engine.addressSpace;
if (addressSpace === null) throw new Error("no address space");
const namespace: Namespace = addressSpace.registerNamespace("urn:test-nodes");
const { objects } = addressSpace.rootFolder;
const variables = new Map<string, UAVariable>();

function variantOf(type: string, value: unknown): VariantLike {
  const dataType = DataType[type as keyof typeof DataType];
  const arrayType = VariantArrayType.Scalar;
  if (type === "Int64") return { dataType, arrayType, value: coerceInt64(value as string) };
  if (type === "UInt64") return { dataType, arrayType, value: coerceUInt64(value as string) };
  return { dataType, arrayType, value: value === "NaN" ? NaN : value };
}

function statusOf(code: number): StatusCode {
  const known: readonly StatusCode[] = Object.values(StatusCodes);
  return known.find((status) => status.value === code) ?? StatusCodes.Good;
}

function add(setting: Setting): void {
  const { name, type, range } = setting;
  const options = {
    organizedBy: objects,
    browseName: name,
    nodeId: `s=${name}`,
    dataType: type,
    minimumSamplingInterval: 0, // every write is seen
  };
  const variable =
    range === undefined
      ? namespace.addVariable(options)
      : namespace.addAnalogDataItem({ ...options, engineeringUnitsRange: new Range(range) });
  variables.set(name, variable);
  set(setting);
}

function set({ name, type, value, status = 0, time }: Setting): void {
  const sourceTimestamp = time === undefined ? new Date() : new Date(time);
  variables
    .get(name)
    ?.setValueFromSource(new Variant(variantOf(type, value)), statusOf(status), sourceTimestamp);
}

function churn(count: number, everyMs: number): void {
  const all = Array.from({ length: count }, (_, index) => `c${index}`);
  for (const name of all) add({ name, type: "Float", value: 0 });
  let step = 0;
  setInterval(() => {
    step++;
    const now = new Date();
    for (const name of all)
      variables
        .get(name)
        ?.setValueFromSource({ dataType: DataType.Float, value: step }, StatusCodes.Good, now);
  }, everyMs);
}

interface MutableSubscription {
  readonly monitoredItems: ReadonlyMap<
    number,
    { readonly node: UAVariable | null; recordValue: () => boolean }
  >;
}

/** Sampling goes on and nothing comes of it, as after some controllers' downloads. */
function mute({ monitoredItems }: MutableSubscription, name: string): void {
  for (const item of monitoredItems.values())
    if (item.node === variables.get(name)) item.recordValue = () => false;
}

let counter: NodeJS.Timeout | undefined;

function subscriptions(): readonly Subscription[] {
  return server.engine.getSessions().flatMap((session) => session.publishEngine.subscriptions);
}

function countUp(name: string, everyMs: number): void {
  let value = 0;
  clearInterval(counter);
  counter = setInterval(() => set({ name, type: "UInt32", value: ++value }), everyMs);
}

function obey(order: Order): void {
  switch (order.do) {
    case "set":
      return order.settings.forEach(set);
    case "add":
      return order.settings.forEach(add);
    case "count":
      return countUp(order.name, order.everyMs);
    case "drop-subscriptions":
      return subscriptions().forEach((subscription) => subscription.terminate());
    case "mute":
      for (const subscription of subscriptions())
        mute(subscription as unknown as MutableSubscription, order.name);
      return;
    case "drop-sockets":
      return server.endpoints.forEach((endpoint) => endpoint.abruptlyInterruptChannels());
  }
}

if (settings.churn !== null) churn(settings.churn.count, settings.churn.everyMs);
for (const setting of settings.variables) add(setting);
await server.start();
process.on("message", (order: Order) => {
  obey(order);
  process.send?.({ done: order.do });
});
process.on("disconnect", () => process.exit(0));
process.send?.({ ready: server.endpoints[0]?.port });
