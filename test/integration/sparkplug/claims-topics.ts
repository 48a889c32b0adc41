import { expect } from "vitest";
import { createTopics } from "../../../src/outputs/sparkplug/topics.ts";
import {
  all,
  metricNamed,
  metricsOf,
  numbersFollow,
  of,
  sequences,
  willsOf,
} from "../../support/sparkplug-trace.ts";
import type { Trace } from "../../support/sparkplug-trace.ts";
import type { Claim } from "./claim.ts";
import { TAGS } from "./recorded-session.ts";

const NODE_VERBS = ["NBIRTH", "NDATA", "NDEATH"];
const DEVICE_VERBS = ["DBIRTH", "DDATA", "DDEATH"];
const DEVICES = [...new Set(TAGS.map(({ device }) => device))];

const hasTopic =
  (verb: string, isOfDevice: boolean) =>
  ({ trace }: { trace: Trace }): void =>
    all(of(trace, verb), ({ topic, device }) =>
      isOfDevice
        ? topic === `spBv1.0/rocmec/${verb}/puma/${device}` && DEVICES.includes(device ?? "")
        : topic === `spBv1.0/rocmec/${verb}/puma`,
    );

const isQos0 =
  (verb: string) =>
  ({ trace }: { trace: Trace }): void =>
    all(of(trace, verb), ({ qos, retain }) => qos === 0 && !retain);

const hasTime =
  (verb: string) =>
  ({ trace, from, to }: { trace: Trace; from: number; to: number }): void =>
    all(of(trace, verb), ({ payload: { timestamp = 0 } }) => timestamp >= from && timestamp <= to);

const follows =
  (verb: string) =>
  ({ trace }: { trace: Trace }): void =>
    numbersFollow(trace, verb);

/** Wildcards and separators in a name are written in a form that MQTT does not see. */
const survives = (make: (name: string) => string) => (): void => {
  for (const name of ["a+b", "a#b", "a/b", "ñandú", "测试"]) {
    const levels = make(name).split("/");
    expect(levels.length).toBe(make("plain").split("/").length);
    expect(make(name)).not.toMatch(/[+#]/u);
    expect(Buffer.from(make(name)).toString("utf8")).toBe(make(name));
  }
};
const asGroup = survives((name) => createTopics(name, "n").nodeBirth);
const asNode = survives((name) => createTopics("g", name).nodeBirth);
const asDevice = survives((name) => createTopics("g", "n").deviceBirth(name));

export const TOPIC_CLAIMS: readonly Claim[] = [
  [
    "topic-structure",
    "every topic is namespace, group, verb, node and perhaps a device",
    ({ trace }) =>
      all(trace.published, ({ topic }) =>
        /^spBv1\.0\/rocmec\/([ND](BIRTH|DATA|DEATH))\/puma(\/[^/]+)?$/u.test(topic),
      ),
  ],
  [
    "topic-structure-namespace-a",
    "the namespace is spBv1.0",
    ({ trace }) => all(trace.published, ({ topic }) => topic.startsWith("spBv1.0/")),
  ],
  [
    "topic-structure-namespace-device-id-associated-message-types",
    "messages of devices name the device",
    ({ trace }) => all(of(trace, ...DEVICE_VERBS), ({ device }) => device !== null && device !== ""),
  ],
  [
    "topic-structure-namespace-device-id-non-associated-message-types",
    "messages of the node name no device",
    ({ trace }) => all(of(trace, ...NODE_VERBS), ({ device }) => device === null),
  ],
  [
    "topic-structure-namespace-duplicate-device-id-across-edge-node",
    "devices of two nodes may have the same name, and do not meet",
    () => expect(createTopics("g", "m").deviceData("P1")).not.toBe(createTopics("g", "n").deviceData("P1")),
  ],
  [
    "topic-structure-namespace-unique-device-id",
    "each birth sequence gives birth to each device once",
    ({ trace }) => {
      const first = of(trace, "DBIRTH").filter(({ at }) => at < trace.marks["before rebirth"]!);
      expect(first.map(({ device }) => device)).toEqual(DEVICES);
    },
  ],
  [
    "topic-structure-namespace-unique-edge-node-descriptor",
    "one node speaks under one descriptor",
    ({ trace }) => all(trace.published, ({ topic }) => topic.split("/")[3] === "puma"),
  ],
  ["topic-structure-namespace-valid-group-id", "a group id cannot break out of its level", asGroup],
  ["topic-structure-namespace-valid-edge-node-id", "an edge node id cannot break out of its level", asNode],
  ["topic-structure-namespace-valid-device-id", "a device id cannot break out of its level", asDevice],
  ["intro-group-id-string", "the group id is UTF-8", asGroup],
  ["intro-group-id-chars", "the group id has only letters that topics may have", asGroup],
  ["intro-edge-node-id-string", "the edge node id is UTF-8", asNode],
  ["intro-edge-node-id-chars", "the edge node id has only letters that topics may have", asNode],
  ["intro-device-id-string", "the device id is UTF-8", asDevice],
  ["intro-device-id-chars", "the device id has only letters that topics may have", asDevice],
  [
    "intro-edge-node-id-uniqueness",
    "group and node together name one edge node",
    () => {
      const topics = [createTopics("a", "b/c"), createTopics("a/b", "c"), createTopics("a", "b")];
      expect(new Set(topics.map(({ nodeBirth }) => nodeBirth)).size).toBe(3);
    },
  ],
  [
    "case-sensitivity-sparkplug-ids",
    "no two devices differ by capitals only",
    () => expect(new Set(DEVICES.map((id) => id.toLowerCase())).size).toBe(DEVICES.length),
  ],
  [
    "case-sensitivity-metric-names",
    "no two metrics of a birth differ by capitals only",
    ({ trace }) =>
      all(of(trace, "NBIRTH", "DBIRTH"), ({ payload: { metrics } }) => {
        const names = metrics.map(({ name = "" }) => name.toLowerCase());
        return new Set(names).size === names.length;
      }),
  ],
  ["topics-nbirth-topic", "NBIRTH has its topic", hasTopic("NBIRTH", false)],
  ["topics-ndata-topic", "NDATA has its topic", hasTopic("NDATA", false)],
  ["topics-ndeath-topic", "NDEATH has its topic", hasTopic("NDEATH", false)],
  ["topics-dbirth-topic", "DBIRTH has its topic", hasTopic("DBIRTH", true)],
  ["topics-ddata-topic", "DDATA has its topic", hasTopic("DDATA", true)],
  ["topics-ddeath-topic", "DDEATH has its topic", hasTopic("DDEATH", true)],
  ["topics-nbirth-mqtt", "NBIRTH is QoS 0 and not retained", isQos0("NBIRTH")],
  ["topics-ndata-mqtt", "NDATA is QoS 0 and not retained", isQos0("NDATA")],
  ["topics-dbirth-mqtt", "DBIRTH is QoS 0 and not retained", isQos0("DBIRTH")],
  ["topics-ddata-mqtt", "DDATA is QoS 0 and not retained", isQos0("DDATA")],
  ["topics-ddeath-mqtt", "DDEATH is QoS 0 and not retained", isQos0("DDEATH")],
  ["topics-nbirth-timestamp", "NBIRTH says when it was sent", hasTime("NBIRTH")],
  ["topics-ndata-timestamp", "NDATA says when it was sent", hasTime("NDATA")],
  ["topics-dbirth-timestamp", "DBIRTH says when it was sent", hasTime("DBIRTH")],
  ["topics-ddata-timestamp", "DDATA says when it was sent", hasTime("DDATA")],
  [
    "topics-nbirth-seq-num",
    "NBIRTH has the number 0",
    ({ trace }) => all(of(trace, "NBIRTH"), ({ payload }) => payload.seq === 0),
  ],
  ["topics-dbirth-seq", "DBIRTH has the next number", follows("DBIRTH")],
  ["topics-ndata-seq-num", "NDATA has the next number", follows("NDATA")],
  ["topics-ddata-seq-num", "DDATA has the next number", follows("DDATA")],
  ["topics-ddeath-seq-num", "DDEATH has the next number", follows("DDEATH")],
  [
    "topics-nbirth-metric-reqs",
    "whatever NDATA tells was in the NBIRTH",
    ({ trace }) => {
      const known = new Set(metricsOf(trace, "NBIRTH").map(({ alias }) => alias));
      all(metricsOf(trace, "NDATA"), ({ alias }) => known.has(alias));
    },
  ],
  [
    "topics-nbirth-metrics",
    "metrics of NBIRTH have name, type and value, or say that they have none",
    ({ trace }) =>
      all(
        metricsOf(trace, "NBIRTH"),
        ({ name = "", datatype, field, isNull }) =>
          name !== "" && datatype !== undefined && (field !== undefined || isNull === true),
      ),
  ],
  [
    "topics-nbirth-templates",
    "no template is ever published, so that none needs a definition",
    ({ trace }) => all(metricsOf(trace, "NBIRTH", "DBIRTH"), ({ datatype }) => datatype !== 19),
  ],
  [
    "topics-nbirth-bdseq-included",
    "NBIRTH has a metric bdSeq",
    ({ trace }) => all(of(trace, "NBIRTH"), (birth) => metricNamed(birth, "bdSeq").value !== undefined),
  ],
  [
    "topics-nbirth-bdseq-matching",
    "the bdSeq of NBIRTH is that of the Will",
    ({ trace }) => {
      const wills = new Map(
        willsOf(trace).map((will) => [will.connection, metricNamed(will, "bdSeq").value]),
      );
      all(of(trace, "NBIRTH"), (birth) => metricNamed(birth, "bdSeq").value === wills.get(birth.connection));
    },
  ],
  [
    "topics-nbirth-bdseq-increment",
    "bdSeq starts at 0 and counts CONNECTs",
    ({ trace }) =>
      expect(willsOf(trace).map((will) => metricNamed(will, "bdSeq").value)).toEqual(
        trace.connects.map((_, index) => BigInt(index)),
      ),
  ],
  [
    "topics-nbirth-rebirth-metric",
    "NBIRTH has Node Control/Rebirth, a Boolean that is false",
    ({ trace }) =>
      all(of(trace, "NBIRTH"), (birth) => {
        const { datatype, value } = metricNamed(birth, "Node Control/Rebirth");
        return datatype === 11 && value === false;
      }),
  ],
  [
    "topics-dbirth-metric-reqs",
    "DBIRTH has every tag of its device",
    ({ trace }) =>
      all(of(trace, "DBIRTH"), ({ device, payload }) => {
        const names = payload.metrics.map(({ name = "" }) => name).sort();
        const own = TAGS.filter((tag) => tag.device === device).map(({ id }) => id);
        return names.join(" ") === own.sort().join(" ");
      }),
  ],
  [
    "topics-dbirth-metrics",
    "metrics of DBIRTH have name, type and value, or say that they have none",
    ({ trace }) =>
      all(
        metricsOf(trace, "DBIRTH"),
        ({ name = "", datatype, field, isNull }) =>
          name !== "" && datatype !== undefined && (field !== undefined || isNull === true),
      ),
  ],
  [
    "topics-ndata-payload",
    "NDATA tells a node metric when it has changed",
    ({ trace }) => {
      const told = metricsOf(trace, "NDATA").map(({ value }) => value);
      expect(told).toEqual([DEVICES.length - 1, DEVICES.length]); // one device lost, and back
    },
  ],
  [
    "topics-ddata-payload",
    "DDATA tells every reading that was written, and nothing else",
    ({ trace, rows, values }) => {
      expect(metricsOf(trace, "DDATA")).toHaveLength(rows);
      expect(values.filter(({ device }) => device !== null)).toHaveLength(rows);
    },
  ],
  [
    "topics-ndeath-payload",
    "NDEATH has one metric, bdSeq",
    ({ trace }) =>
      all(
        [...of(trace, "NDEATH"), ...willsOf(trace)],
        ({ payload: { metrics } }) => metrics.length === 1 && metrics[0]?.name === "bdSeq",
      ),
  ],
  [
    "topics-ndeath-seq",
    "NDEATH has no number",
    ({ trace }) =>
      all([...of(trace, "NDEATH"), ...willsOf(trace)], ({ payload }) => payload.seq === undefined),
  ],
  [
    "payloads-sequence-num-incrementing",
    "numbers count up by one after NBIRTH, for the node and all its devices together, and go round after 255",
    ({ trace, gaps }) => {
      const [first = []] = sequences(trace);
      expect(first.length).toBeGreaterThan(256);
      for (const session of sequences(trace)) expect(session).toEqual(session.map((_, index) => index % 256));
      expect(gaps).toEqual([]);
    },
  ],
];
