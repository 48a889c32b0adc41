import { expect } from "vitest";
import { all, metricNamed, metricsOf, of, willsOf } from "../../support/sparkplug-trace.ts";
import type { Published, Trace } from "../../support/sparkplug-trace.ts";
import type { Claim } from "./claim.ts";

type Part = { readonly trace: Trace };

/** The messages of the birth sequence that the `index`-th NBIRTH begins. */
function birthSequence(trace: Trace, index: number): readonly Published[] {
  const start = trace.published.indexOf(of(trace, "NBIRTH")[index]!);
  const end = trace.published.findIndex(({ verb }, at) => at > start && verb !== "DBIRTH");
  return trace.published.slice(start, end);
}

const firstBirth = ({ trace }: Part): Published => of(trace, "NBIRTH")[0]!;

const isFirstOfConnection = ({ trace }: Part): void => {
  for (const { connection } of trace.connects)
    expect(trace.published.find((message) => message.connection === connection)?.verb).toBe("NBIRTH");
};

const waits = ({ trace }: Part): void => {
  expect(firstBirth({ trace }).at).toBeGreaterThan(trace.marks["still waiting"]!);
  expect(of(trace, "NBIRTH")[2]!.at).toBeGreaterThan(trace.marks["waiting again"]!);
};

const leavesWithItsHost = ({ trace }: Part): void => {
  const after = trace.packets.slice(
    trace.packets.findIndex(
      (record) => "at" in record && (record.at as number) >= trace.marks["host offline"]!,
    ),
  );
  const [death, ...rest] = after
    .filter(({ packet }) => packet.cmd !== "puback")
    .map(({ packet }) => packet.cmd);
  expect(death).toBe("publish");
  expect(rest.slice(0, 2)).toEqual(["disconnect", "close"]);
  expect(of(trace, "NDEATH")[0]!.at).toBeGreaterThanOrEqual(trace.marks["host offline"]!);
};

const staysOnOldWord = ({ trace }: Part): void => {
  const between = trace.published.filter(
    ({ at }) => at >= trace.marks["old offline state"]! && at < trace.marks["host offline"]!,
  );
  expect(between.map(({ verb }) => verb)).toEqual(["DDATA"]);
};

const diesBeforeDisconnect = ({ trace }: Part): void => {
  const commands = trace.packets
    .filter(({ packet }) => packet.cmd !== "puback")
    .map(({ packet }) => (packet.cmd === "publish" ? packet.topic.split("/")[2]! : packet.cmd));
  const ends = commands.flatMap((command, index) => (command === "disconnect" ? [commands[index - 1]] : []));
  expect(ends).toEqual(["NDEATH", "NDEATH"]);
};

const tells =
  (verb: string) =>
  ({ trace }: Part) => {
    for (const { payload } of of(trace, verb)) expect(payload.metrics.length).toBeGreaterThan(0);
    expect(of(trace, verb).length).toBeGreaterThan(0);
  };

export const FLOW_CLAIMS: readonly Claim[] = [
  [
    "principles-birth-certificates-order",
    "a birth is the first thing that a connection says",
    isFirstOfConnection,
  ],
  [
    "principles-persistence-clean-session-311",
    "every CONNECT asks for a clean session",
    ({ trace }) =>
      all(trace.connects, ({ clean, protocolVersion }) => clean === true && protocolVersion === 4),
  ],
  [
    "principles-rbe-recommended",
    "nothing is repeated: as many live values are sent as were handed over",
    ({ trace, values, rows }) => {
      expect(values.filter(({ device }) => device !== null).length).toBeLessThanOrEqual(rows);
      expect(metricsOf(trace, "DDATA").filter(({ isHistorical }) => isHistorical === true)).toHaveLength(9);
    },
  ],
  [
    "message-flow-edge-node-birth-publish-connect",
    "there is a connection before there is a birth",
    ({ trace }) => expect(trace.connects[0]!.at).toBeLessThan(firstBirth({ trace }).at),
  ],
  [
    "message-flow-edge-node-birth-publish-will-message",
    "every CONNECT has a Will",
    ({ trace }) => all(trace.connects, ({ will }) => will !== undefined),
  ],
  [
    "message-flow-edge-node-birth-publish-will-message-topic",
    "the Will goes to the NDEATH topic",
    ({ trace }) => all(willsOf(trace), ({ topic }) => topic === "spBv1.0/rocmec/NDEATH/puma"),
  ],
  [
    "message-flow-edge-node-birth-publish-will-message-payload",
    "the Will is a Sparkplug payload",
    ({ trace }) => all(willsOf(trace), ({ payload }) => payload.timestamp !== undefined),
  ],
  [
    "message-flow-edge-node-birth-publish-will-message-payload-bdSeq",
    "the Will has a bdSeq of type Int64 that counts up",
    ({ trace }) => {
      const metrics = willsOf(trace).map((will) => metricNamed(will, "bdSeq"));
      all(metrics, ({ datatype, field }) => datatype === 4 && field === "longValue");
      expect(metrics.map(({ value }) => value)).toEqual([0n, 1n]);
    },
  ],
  [
    "message-flow-edge-node-birth-publish-will-message-qos",
    "the Will has QoS 1",
    ({ trace }) => all(willsOf(trace), ({ qos }) => qos === 1),
  ],
  [
    "message-flow-edge-node-birth-publish-will-message-will-retained",
    "the Will is not to be retained",
    ({ trace }) => all(willsOf(trace), ({ retain }) => !retain),
  ],
  [
    "message-flow-edge-node-ncmd-subscribe",
    "commands are subscribed to at QoS 1 before the birth",
    ({ trace }) => {
      const wanted = trace.subscribes[0]!.subscriptions.find(
        ({ topic }) => topic === "spBv1.0/rocmec/NCMD/puma",
      );
      expect(wanted?.qos).toBe(1);
      expect(trace.subscribes[0]!.at).toBeLessThan(firstBirth({ trace }).at);
    },
  ],
  [
    "message-flow-device-dcmd-subscribe",
    "no device can be written to, and so none listens to commands",
    ({ trace }) =>
      all(trace.subscribes, ({ subscriptions }) =>
        subscriptions.every(({ topic }) => !topic.includes("DCMD")),
      ),
  ],
  [
    "message-flow-edge-node-birth-publish-nbirth-topic",
    "NBIRTH goes to its topic",
    ({ trace }) => all(of(trace, "NBIRTH"), ({ topic }) => topic === "spBv1.0/rocmec/NBIRTH/puma"),
  ],
  ["message-flow-edge-node-birth-publish-nbirth-payload", "NBIRTH is a Sparkplug payload", tells("NBIRTH")],
  [
    "message-flow-edge-node-birth-publish-nbirth-payload-bdSeq",
    "NBIRTH has the Int64 bdSeq of its CONNECT",
    ({ trace }) => {
      const wills = willsOf(trace);
      all(of(trace, "NBIRTH"), (birth) => {
        const will = wills.find(({ connection }) => connection === birth.connection)!;
        const { datatype, value } = metricNamed(birth, "bdSeq");
        return datatype === 4 && value === metricNamed(will, "bdSeq").value;
      });
    },
  ],
  [
    "message-flow-edge-node-birth-publish-nbirth-payload-seq",
    "NBIRTH has a number from 0 to 255",
    ({ trace }) => all(of(trace, "NBIRTH"), ({ payload: { seq = -1 } }) => seq >= 0 && seq <= 255),
  ],
  [
    "message-flow-edge-node-birth-publish-nbirth-qos",
    "NBIRTH has QoS 0",
    ({ trace }) => all(of(trace, "NBIRTH"), ({ qos }) => qos === 0),
  ],
  [
    "message-flow-edge-node-birth-publish-nbirth-retained",
    "NBIRTH is not to be retained",
    ({ trace }) => all(of(trace, "NBIRTH"), ({ retain }) => !retain),
  ],
  ["message-flow-edge-node-birth-publish-phid-wait", "no birth before the primary host is online", waits],
  [
    "message-flow-edge-node-birth-publish-phid-wait-id",
    "another host that is online does not count",
    ({ trace }) => {
      waits({ trace });
      const topics = trace.subscribes[0]!.subscriptions.map(({ topic }) => topic);
      expect(topics).toContain("spBv1.0/STATE/scada");
      expect(topics).not.toContain("spBv1.0/STATE/other");
    },
  ],
  [
    "message-flow-edge-node-birth-publish-phid-wait-online",
    "a host that says it is offline does not count",
    waits,
  ],
  [
    "message-flow-edge-node-birth-publish-phid-wait-timestamp",
    "an online state older than the last state does not count, and the first ever does",
    waits,
  ],
  [
    "message-flow-edge-node-birth-publish-phid-offline",
    "it dies and disconnects when its host goes offline",
    leavesWithItsHost,
  ],
  [
    "message-flow-device-birth-publish-nbirth-wait",
    "no DBIRTH comes before the NBIRTH of its connection",
    isFirstOfConnection,
  ],
  [
    "message-flow-device-birth-publish-dbirth-topic",
    "DBIRTH goes to its topic",
    ({ trace }) =>
      all(of(trace, "DBIRTH"), ({ topic, device }) => topic === `spBv1.0/rocmec/DBIRTH/puma/${device}`),
  ],
  [
    "message-flow-device-birth-publish-dbirth-match-edge-node-topic",
    "DBIRTH has group and node of the NBIRTH",
    ({ trace }) => {
      const [, group, , node] = firstBirth({ trace }).topic.split("/");
      all(of(trace, "DBIRTH"), ({ topic }) => topic.split("/")[1] === group && topic.split("/")[3] === node);
    },
  ],
  ["message-flow-device-birth-publish-dbirth-payload", "DBIRTH is a Sparkplug payload", tells("DBIRTH")],
  [
    "message-flow-device-birth-publish-dbirth-payload-seq",
    "DBIRTH has the number after that of the message before",
    ({ trace }) => expect(birthSequence(trace, 0).map(({ payload }) => payload.seq)).toEqual([0, 1, 2, 3]),
  ],
  [
    "message-flow-device-birth-publish-dbirth-qos",
    "DBIRTH has QoS 0",
    ({ trace }) => all(of(trace, "DBIRTH"), ({ qos }) => qos === 0),
  ],
  [
    "message-flow-device-birth-publish-dbirth-retained",
    "DBIRTH is not to be retained",
    ({ trace }) => all(of(trace, "DBIRTH"), ({ retain }) => !retain),
  ],
  [
    "operational-behavior-data-commands-rebirth-action-1",
    "a rebirth interrupts the data",
    ({ trace }) =>
      expect(birthSequence(trace, 1).map(({ verb }) => verb)).toEqual([
        "NBIRTH",
        "DBIRTH",
        "DBIRTH",
        "DBIRTH",
      ]),
  ],
  [
    "operational-behavior-data-commands-rebirth-action-2",
    "a rebirth tells everything again, and data goes on after it",
    ({ trace }) => {
      const [again, first] = [birthSequence(trace, 1), birthSequence(trace, 0)];
      expect(again.map(({ topic }) => topic)).toEqual(first.map(({ topic }) => topic));
      expect(again[0]!.at).toBeGreaterThanOrEqual(trace.marks["before rebirth"]!);
      expect(of(trace, "DDATA").some(({ at }) => at > again.at(-1)!.at)).toBe(true);
    },
  ],
  [
    "operational-behavior-data-commands-rebirth-action-3",
    "a rebirth keeps the bdSeq of its connection",
    ({ trace }) => {
      const [first, again] = of(trace, "NBIRTH");
      expect(again!.connection).toBe(first!.connection);
      expect(metricNamed(again!, "bdSeq").value).toBe(metricNamed(first!, "bdSeq").value);
    },
  ],
  [
    "operational-behavior-data-commands-rebirth-name",
    "NBIRTH offers Node Control/Rebirth",
    ({ trace }) =>
      all(of(trace, "NBIRTH"), (birth) => metricNamed(birth, "Node Control/Rebirth").name !== ""),
  ],
  [
    "operational-behavior-data-commands-rebirth-name-aliases",
    "Node Control/Rebirth has no alias",
    ({ trace }) =>
      all(of(trace, "NBIRTH"), (birth) => metricNamed(birth, "Node Control/Rebirth").alias === undefined),
  ],
  [
    "operational-behavior-data-commands-rebirth-datatype",
    "Node Control/Rebirth is a Boolean",
    ({ trace }) =>
      all(of(trace, "NBIRTH"), (birth) => metricNamed(birth, "Node Control/Rebirth").datatype === 11),
  ],
  [
    "operational-behavior-data-commands-rebirth-value",
    "Node Control/Rebirth is false",
    ({ trace }) =>
      all(of(trace, "NBIRTH"), (birth) => metricNamed(birth, "Node Control/Rebirth").value === false),
  ],
  [
    "operational-behavior-data-publish-nbirth",
    "no NDATA tells a metric that the NBIRTH did not have",
    ({ trace }) => {
      const known = new Set(metricsOf(trace, "NBIRTH").map(({ alias }) => alias));
      all(metricsOf(trace, "NDATA"), ({ alias }) => known.has(alias));
    },
  ],
  [
    "operational-behavior-data-publish-nbirth-change",
    "NDATA comes with changes only",
    ({ trace }) => expect(metricsOf(trace, "NDATA").map(({ value }) => value)).toEqual([2, 3]),
  ],
  [
    "operational-behavior-data-publish-dbirth",
    "no DDATA tells a metric that the DBIRTH of its device did not have",
    ({ trace }) => {
      const known = new Set(
        of(trace, "DBIRTH").flatMap(({ device, payload }) =>
          payload.metrics.map(({ alias }) => `${device} ${alias}`),
        ),
      );
      all(of(trace, "DDATA"), ({ device, payload }) =>
        payload.metrics.every(({ alias }) => known.has(`${device} ${alias}`)),
      );
    },
  ],
  [
    "operational-behavior-data-publish-dbirth-change",
    "DDATA comes with readings only",
    ({ trace }) => all(of(trace, "DDATA"), ({ payload }) => payload.metrics.length > 0),
  ],
  [
    "operational-behavior-device-ddeath",
    "a device of which nothing is heard dies, and is born again when it answers",
    ({ trace }) => {
      const story = of(trace, "DBIRTH", "DDEATH").filter(({ at }) => at >= trace.marks["device lost"]!);
      const own = story.filter(({ device }) => device === "E1").map(({ verb }) => verb);
      expect(own.slice(0, 2)).toEqual(["DDEATH", "DBIRTH"]);
      expect(of(trace, "DDEATH").map(({ device }) => device)).toEqual(["E1"]);
      const dead = of(trace, "DDATA").filter(
        ({ at, device }) =>
          device === "E1" && at > of(trace, "DDEATH")[0]!.at && at < trace.marks["device back"]!,
      );
      expect(dead).toEqual([]);
    },
  ],
  [
    "operational-behavior-edge-node-intentional-disconnect-ndeath",
    "it says NDEATH before it leaves",
    diesBeforeDisconnect,
  ],
  [
    "operational-behavior-edge-node-intentional-disconnect-packet",
    "a DISCONNECT follows the NDEATH",
    diesBeforeDisconnect,
  ],
  [
    "payloads-ndeath-will-message-publisher",
    "it publishes NDEATH itself when it leaves, which the host receives",
    ({ trace, host }) => {
      diesBeforeDisconnect({ trace });
      expect(host.filter(({ verb }) => verb === "NDEATH")).toHaveLength(2);
    },
  ],
  [
    "payloads-ndeath-will-message-publisher-disconnect-mqtt311",
    "over MQTT 3.1.1 NDEATH comes before DISCONNECT",
    diesBeforeDisconnect,
  ],
  [
    "operational-behavior-edge-node-termination-host-offline",
    "it leaves the broker when its host goes offline there",
    leavesWithItsHost,
  ],
  [
    "operational-behavior-edge-node-termination-host-offline-timestamp",
    "it stays when the offline state is older than the online one",
    staysOnOldWord,
  ],
  [
    "operational-behavior-edge-node-birth-sequence-wait",
    "after that it waits for the host again before it is born",
    waits,
  ],
];
