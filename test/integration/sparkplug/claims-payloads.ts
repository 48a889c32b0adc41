import { expect } from "vitest";
import { all, metricNamed, metricsOf, numbersFollow, of, willsOf } from "../../support/sparkplug-trace.ts";
import type { Published, Trace } from "../../support/sparkplug-trace.ts";
import { property } from "../../support/sparkplug-payload.ts";
import type { WireMetric } from "../../support/sparkplug-payload.ts";
import type { Claim } from "./claim.ts";

type Part = { readonly trace: Trace };
const BIRTHS = ["NBIRTH", "DBIRTH"];
const DATA = ["NDATA", "DDATA"];
const NUMBERED = [...BIRTHS, ...DATA, "DDEATH"];

const each =
  (verbs: readonly string[], holds: (message: Published) => boolean) =>
  ({ trace }: Part): void =>
    all(of(trace, ...verbs), holds);

const eachMetric =
  (verbs: readonly string[], holds: (metric: WireMetric) => boolean) =>
  ({ trace }: Part): void =>
    all(metricsOf(trace, ...verbs), holds);

const qos0 = (verb: string) => each([verb], ({ qos }) => qos === 0);
const notRetained = (verb: string) => each([verb], ({ retain }) => !retain);
const numbered = (verb: string) => each([verb], ({ payload }) => payload.seq !== undefined);
const follows =
  (verb: string) =>
  ({ trace }: Part): void =>
    numbersFollow(trace, verb);
const timed =
  (verb: string) =>
  ({ trace, from, to }: Part & { from: number; to: number }): void =>
    all(of(trace, verb), ({ payload: { timestamp = 0 } }) => timestamp >= from && timestamp <= to);
const afterAllBirths =
  (verb: string) =>
  ({ trace }: Part): void => {
    const nodeBirths = of(trace, "NBIRTH");
    for (const [index, { at }] of nodeBirths.entries()) {
      const end = nodeBirths[index + 1]?.at ?? Infinity;
      const session = trace.published.filter((one) => one.at > at && one.at < end);
      const births = session.findIndex(({ verb: other }) => other !== "DBIRTH");
      expect(births).toBe(3);
      if (verb === "DBIRTH") continue;
      const data = session.findIndex((one) => one.verb === verb);
      if (data >= 0) expect(data).toBeGreaterThanOrEqual(births);
    }
    expect(of(trace, verb).length).toBeGreaterThan(0);
  };
const bornTogether = ({ trace }: Part): void => {
  for (const { at } of of(trace, "NBIRTH")) {
    const next = trace.published.filter((one) => one.at > at).slice(0, 3);
    expect(next.map(({ verb }) => verb)).toEqual(["DBIRTH", "DBIRTH", "DBIRTH"]);
  }
};
const inOrder =
  (birth: string, data: string) =>
  ({ trace }: Part): void =>
    all(of(trace, birth, data), ({ payload: { metrics } }) => {
      const times = metrics
        .filter(({ isHistorical }) => isHistorical !== true)
        .map(({ timestamp = 0 }) => timestamp);
      return times.every((time, index) => index === 0 || time >= times[index - 1]!);
    });
const valued = ({ field, isNull }: WireMetric): boolean => (isNull === true) !== (field !== undefined);
const properties = (holds: (value: { type?: number; field: string; value: unknown }) => boolean) =>
  eachMetric(["DBIRTH"], ({ properties: { values } = { values: [], keys: [] } }) => values.every(holds));
const quality =
  (holds: (value: { type?: number; field: string; value: unknown }) => boolean) =>
  ({ trace }: Part): void => {
    const told = metricsOf(trace, ...BIRTHS, ...DATA).flatMap(({ properties: set }) => {
      const value = set?.values[set.keys.indexOf("Quality")];
      return value === undefined ? [] : [value];
    });
    all(told, holds);
  };
const isUtc = ({ trace, from, to }: Part & { from: number; to: number }): void =>
  all(
    metricsOf(trace, ...BIRTHS, ...DATA),
    ({ timestamp = 0 }) => timestamp > from - 200_000 && timestamp <= to,
  );

export const PAYLOAD_CLAIMS: readonly Claim[] = [
  ["payloads-timestamp-in-UTC", "times of messages are UTC milliseconds", timed("DDATA")],
  ["payloads-metric-timestamp-in-UTC", "times of metrics are UTC milliseconds", isUtc],
  [
    "payloads-sequence-num-always-included",
    "every message but NDEATH has a number",
    each(NUMBERED, ({ payload }) => payload.seq !== undefined),
  ],
  [
    "payloads-sequence-num-req-nbirth",
    "the number of NBIRTH is between 0 and 255",
    each(["NBIRTH"], ({ payload: { seq = -1 } }) => seq >= 0 && seq <= 255),
  ],
  [
    "payloads-name-requirement",
    "births name every metric",
    eachMetric(BIRTHS, ({ name = "" }) => name !== ""),
  ],
  [
    "payloads-name-birth-data-requirement",
    "every metric has its time",
    eachMetric([...BIRTHS, ...DATA], ({ timestamp }) => timestamp !== undefined),
  ],
  [
    "payloads-alias-uniqueness",
    "no alias stands for two metrics of the node",
    ({ trace }) => {
      const names = new Map<number, string>();
      const births = of(trace, ...BIRTHS).flatMap(({ device, payload }) =>
        payload.metrics.map((metric) => ({ ...metric, key: `${device}/${metric.name}` })),
      );
      all(
        births.filter(({ alias }) => alias !== undefined),
        ({ alias = -1, key }) => {
          const known = names.get(alias) ?? key;
          names.set(alias, known);
          return known === key;
        },
      );
    },
  ],
  [
    "payloads-alias-birth-requirement",
    "births give name and alias",
    eachMetric(
      BIRTHS,
      ({ name, alias }) => name !== undefined && (alias !== undefined || name === "Node Control/Rebirth"),
    ),
  ],
  [
    "payloads-alias-data-cmd-requirement",
    "data gives the alias alone",
    eachMetric(DATA, ({ name, alias }) => name === undefined && alias !== undefined),
  ],
  [
    "payloads-metric-datatype-req",
    "births give the type of every metric",
    eachMetric(BIRTHS, ({ datatype }) => datatype !== undefined),
  ],
  [
    "payloads-metric-datatype-not-req",
    "data leaves the type out",
    eachMetric(DATA, ({ datatype }) => datatype === undefined),
  ],
  [
    "payloads-metric-datatype-value-type",
    "types are unsigned integers of 32 bits",
    eachMetric(BIRTHS, ({ datatype = -1 }) => Number.isInteger(datatype) && datatype >= 0),
  ],
  [
    "payloads-metric-datatype-value",
    "types are those of Sparkplug, and the value stands where its type says",
    eachMetric(BIRTHS, ({ datatype = -1, field }) => {
      const expected = VALUE_FIELDS[datatype];
      return expected !== undefined && (field === undefined || field === expected);
    }),
  ],
  [
    "payloads-propertyset-keys-array-size",
    "properties have as many keys as values",
    eachMetric(BIRTHS, ({ properties: set }) => set !== undefined && set.keys.length === set.values.length),
  ],
  [
    "payloads-propertyset-values-array-size",
    "properties have as many values as keys",
    eachMetric(BIRTHS, ({ properties: set }) => set !== undefined && set.values.length === set.keys.length),
  ],
  [
    "payloads-metric-propertyvalue-type-req",
    "properties of births have a type",
    properties(({ type }) => type !== undefined),
  ],
  [
    "payloads-metric-propertyvalue-type-type",
    "types of properties are unsigned integers",
    properties(({ type = -1 }) => Number.isInteger(type) && type >= 0),
  ],
  [
    "payloads-metric-propertyvalue-type-value",
    "types of properties are basic types, and the value stands where its type says",
    properties(({ type = -1, field }) => VALUE_FIELDS[type] === field),
  ],
  ["payloads-propertyset-quality-value-type", "Quality is an Int32", quality(({ type }) => type === 3)],
  [
    "payloads-propertyset-quality-value-value",
    "Quality is 0, 192 or 500, and each of them was told",
    ({ trace }) => {
      quality(({ field, value }) => field === "intValue" && [0, 192, 500].includes(value as number))({
        trace,
      });
      const told = metricsOf(trace, ...DATA).map((metric) => property(metric, "Quality"));
      expect(new Set(told)).toEqual(new Set([undefined, 0, 192, 500]));
    },
  ],
  ["payloads-nbirth-qos", "NBIRTH is QoS 0", qos0("NBIRTH")],
  ["payloads-nbirth-retain", "NBIRTH is not retained", notRetained("NBIRTH")],
  ["payloads-nbirth-timestamp", "NBIRTH has its time", timed("NBIRTH")],
  ["payloads-nbirth-seq", "NBIRTH has a number", each(["NBIRTH"], ({ payload }) => payload.seq === 0)],
  [
    "payloads-nbirth-edge-node-descriptor",
    "one client at a time is the edge node",
    ({ trace }) => expect(new Set(trace.connects.map(({ clientId }) => clientId)).size).toBe(1),
  ],
  [
    "payloads-nbirth-bdseq",
    "NBIRTH has a bdSeq",
    each(["NBIRTH"], (birth) => metricNamed(birth, "bdSeq").datatype === 4),
  ],
  [
    "payloads-nbirth-bdseq-repeat",
    "NBIRTH repeats the bdSeq of its connection's Will, also at a rebirth",
    ({ trace }) => {
      const told = of(trace, "NBIRTH").map((birth) => metricNamed(birth, "bdSeq").value);
      expect(told).toEqual([0n, 0n, 1n]);
      expect(willsOf(trace).map((will) => metricNamed(will, "bdSeq").value)).toEqual([0n, 1n]);
    },
  ],
  [
    "payloads-nbirth-rebirth-req",
    "NBIRTH has Node Control/Rebirth, false",
    each(["NBIRTH"], (birth) => metricNamed(birth, "Node Control/Rebirth").value === false),
  ],
  ["payloads-dbirth-qos", "DBIRTH is QoS 0", qos0("DBIRTH")],
  ["payloads-dbirth-retain", "DBIRTH is not retained", notRetained("DBIRTH")],
  ["payloads-dbirth-timestamp", "DBIRTH has its time", timed("DBIRTH")],
  ["payloads-dbirth-seq", "DBIRTH has a number", numbered("DBIRTH")],
  ["payloads-dbirth-seq-inc", "the number of DBIRTH is the next", follows("DBIRTH")],
  ["payloads-dbirth-order", "every DBIRTH comes straight after the NBIRTH", bornTogether],
  ["payloads-ndata-qos", "NDATA is QoS 0", qos0("NDATA")],
  ["payloads-ndata-retain", "NDATA is not retained", notRetained("NDATA")],
  ["payloads-ndata-timestamp", "NDATA has its time", timed("NDATA")],
  ["payloads-ndata-seq", "NDATA has a number", numbered("NDATA")],
  ["payloads-ndata-seq-inc", "the number of NDATA is the next", follows("NDATA")],
  ["payloads-ndata-order", "no NDATA comes before all births", afterAllBirths("NDATA")],
  ["payloads-ddata-qos", "DDATA is QoS 0", qos0("DDATA")],
  ["payloads-ddata-retain", "DDATA is not retained", notRetained("DDATA")],
  ["payloads-ddata-timestamp", "DDATA has its time", timed("DDATA")],
  ["payloads-ddata-seq", "DDATA has a number", numbered("DDATA")],
  ["payloads-ddata-seq-inc", "the number of DDATA is the next", follows("DDATA")],
  ["payloads-ddata-order", "no DDATA comes before all births", afterAllBirths("DDATA")],
  ["payloads-ddeath-timestamp", "DDEATH has its time", timed("DDEATH")],
  ["payloads-ddeath-seq", "DDEATH has a number", numbered("DDEATH")],
  ["payloads-ddeath-seq-inc", "the number of DDEATH is the next", follows("DDEATH")],
  ["payloads-ddeath-seq-number", "hosts can put DDEATH in order by its number", follows("DDEATH")],
  [
    "payloads-ndeath-seq",
    "NDEATH has no number",
    each(["NDEATH"], ({ payload }) => payload.seq === undefined),
  ],
  [
    "payloads-ndeath-bdseq",
    "NDEATH names the session of the NBIRTH before it",
    ({ trace }) => {
      let born: unknown;
      let deaths = 0;
      for (const message of of(trace, "NBIRTH", "NDEATH")) {
        const { value } = metricNamed(message, "bdSeq");
        if (message.verb === "NBIRTH") born = value;
        else expect(value).toBe(born);
        deaths += Number(message.verb === "NDEATH");
      }
      expect(deaths).toBe(2);
    },
  ],
  [
    "payloads-ndeath-will-message",
    "NDEATH is the Will of every CONNECT",
    ({ trace }) => all(willsOf(trace), ({ topic }) => topic === "spBv1.0/rocmec/NDEATH/puma"),
  ],
  [
    "payloads-ndeath-will-message-qos",
    "the Will is QoS 1",
    ({ trace }) => all(willsOf(trace), ({ qos }) => qos === 1),
  ],
  [
    "payloads-ndeath-will-message-retain",
    "the Will is not retained",
    ({ trace }) => all(willsOf(trace), ({ retain }) => !retain),
  ],
  [
    "operational-behavior-data-publish-nbirth-order",
    "live metrics of the node are in order of time",
    inOrder("NBIRTH", "NDATA"),
  ],
  [
    "operational-behavior-data-publish-dbirth-order",
    "live metrics of a device are in order of time",
    inOrder("DBIRTH", "DDATA"),
  ],
  [
    "operational-behavior-data-publish-nbirth-values",
    "NBIRTH gives each metric a value, or says that it has none",
    eachMetric(["NBIRTH"], valued),
  ],
  [
    "operational-behavior-data-publish-dbirth-values",
    "DBIRTH gives each metric the last value, or says that it has none",
    ({ trace }) => {
      eachMetric(["DBIRTH"], valued)({ trace });
      const last = of(trace, "DBIRTH").findLast(({ device }) => device === "L")!;
      expect(metricNamed(last, "XS-304").value).toBe("leaching, año 2");
      expect(metricNamed(last, "ZT-101").value).toBe(BigInt.asUintN(64, -5n));
      expect(metricNamed(of(trace, "DBIRTH")[0]!, "FT-207")).toMatchObject({ isNull: true });
    },
  ],
];

/** Where Sparkplug 3.0.0, 6.4.16 puts a value, by the number of its type. */
const VALUE_FIELDS: Readonly<Record<number, string>> = {
  2: "intValue",
  3: "intValue",
  4: "longValue",
  6: "intValue",
  7: "intValue",
  8: "longValue",
  9: "floatValue",
  10: "doubleValue",
  11: "booleanValue",
  12: "stringValue",
  13: "longValue",
};
