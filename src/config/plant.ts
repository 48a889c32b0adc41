import type { AlarmConfig } from "./alarms.ts";
import type { Metallurgy } from "./metallurgy.ts";
import type { Phrases } from "../domain/phrases.ts";
import type { Equipment, Overview } from "../domain/equipment.ts";
import type { Tag, WordOrder } from "../domain/tag.ts";
import type { WriteRole, WriteRule } from "../domain/write.ts";

/** A plant file with its profiles, checked and resolved: the only form of configuration that the rest of the gateway sees. */
export interface Plant {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly timeZone: string;
  /** Start of the production day, local wall time "07:00". */
  readonly productionDay: string;
  readonly shifts: Readonly<Record<string, string>>;
  readonly scanClasses: Readonly<Record<string, { readonly periodMs: number }>>;
  readonly connections: readonly Connection[];
  readonly devices: readonly Device[];
  /** `tags[i].index === i`. */
  readonly tags: readonly Tag[];
  readonly outputs: readonly OutputConfig[];
  /** The embedded MQTT broker; null when an external one is listed. */
  readonly broker: BrokerConfig | null;
  /** Data folder, absolute. */
  readonly data: {
    readonly dir: string;
    readonly spoolBytesMax: number;
    /** A reading is synced to disk within this time. */
    readonly groupCommitMs: number;
    readonly historyDays: number;
  };
  readonly http: HttpConfig;
  /** Metrics, assays and flowsheet; absent where a plant has none. */
  readonly metallurgy?: Metallurgy;
  /** Absent where a plant has none of its own. */
  readonly alarms?: readonly AlarmConfig[];
  /** Tags that may be written; absent where none may. */
  readonly writes?: readonly WriteRule[];
  /** What its titles are in other languages, by language. */
  readonly texts?: Readonly<Record<string, Phrases>>;
  /** In the order of the plant file; absent where it names none. */
  readonly equipment?: readonly Equipment[];
  /** Absent where the plant file says nothing of it. */
  readonly overview?: Overview;
  /** The plant file, absolute. */
  readonly file: string;
}

/** Where the page and the API are served, and how. */
export interface HttpConfig {
  readonly host: string;
  readonly port: number;
  readonly auth: "accounts" | "none";
  /** Further names by which browsers know the gateway; absent where there are none. */
  readonly names?: readonly string[];
  /** Absent where it is plain HTTP. */
  readonly tls?: ListenerTls;
  /** The plant file allows plain HTTP to other machines. */
  readonly plaintext?: boolean;
  /** Addresses and networks of proxies whose word on who asks, and how, is taken; absent where there are none. */
  readonly trustedProxies?: readonly string[];
}

/** Whose certificate a listener of the gateway shows: one that it makes itself, or that of two PEM files, absolute. */
export type ListenerTls =
  | { readonly kind: "generated" }
  | { readonly kind: "given"; readonly certificateFile: string; readonly keyFile: string };

export type Connection = ModbusConnection | OpcUaConnection;
export type ModbusConnection = ModbusTcpConnection | ModbusRtuConnection | ModbusRtuOverTcpConnection;

interface ConnectionBase {
  readonly id: string;
  /** Deadline of one request, ms. */
  readonly timeoutMs: number;
}

export interface ModbusTcpConnection extends ConnectionBase {
  readonly protocol: "modbus-tcp";
  readonly host: string;
  readonly port: number;
}

export interface ModbusRtuConnection extends ConnectionBase, SerialLine {
  readonly protocol: "modbus-rtu";
  readonly path: string;
}

export interface ModbusRtuOverTcpConnection extends ConnectionBase, SerialLine {
  readonly protocol: "modbus-rtu-over-tcp";
  readonly host: string;
  readonly port: number;
}

/** Speed and frame of a serial line; also that behind a serial server. */
export interface SerialLine {
  readonly baud: number;
  readonly parity: "none" | "even" | "odd";
  readonly dataBits: 7 | 8;
  readonly stopBits: 1 | 2;
}

export interface OpcUaConnection extends ConnectionBase {
  readonly protocol: "opcua";
  readonly endpoint: string;
  readonly security: {
    readonly mode: "None" | "Sign" | "SignAndEncrypt";
    readonly policy: "None" | "Basic256Sha256" | "Aes128_Sha256_RsaOaep" | "Aes256_Sha256_RsaPss";
  };
  readonly identity:
    | { readonly kind: "anonymous" }
    | { readonly kind: "password"; readonly user: string; readonly password: string }
    | { readonly kind: "certificate"; readonly certificateFile: string; readonly keyFile: string };
  /** Time between the server's notifications, ms. */
  readonly publishingMs: number;
}

export interface Device {
  readonly id: string;
  readonly title: string;
  readonly profile: string;
  readonly connection: string;
  readonly area: string;
  /** Modbus unit id 0…255; null on OPC UA. */
  readonly unit: number | null;
  readonly modbus: ModbusLimits;
}

/** What a Modbus device can take, from its profile. */
export interface ModbusLimits {
  readonly wordOrder: WordOrder;
  readonly registersMax: number;
  readonly bitsMax: number;
  /** Unused registers that a read may span; `auto` lets the cost of the link decide. */
  readonly gap: "auto" | number;
  /** Register ranges, ends included, that no read may touch. */
  readonly forbidden: readonly (readonly [first: number, last: number])[];
  readonly inFlightMax: number;
  /** One coil or register is written by the functions for several too (15, 16), as some devices want it. */
  readonly writesMultiple: boolean;
}

export type OutputConfig = MqttOutputConfig | InfluxOutputConfig;

interface OutputBase {
  /** Its name in the plant file. */
  readonly id: string;
  /** What the sink acknowledged so shortly before it was lost is sent again when it is back, ms. */
  readonly trimLagMs: number;
  /** Bound of the flow with which an outage is filled in. */
  readonly historyReadingsPerS: number;
}

export interface MqttOutputConfig extends OutputBase {
  readonly type: "mqtt";
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`. */
  readonly url: string;
  /** Tried in turn when the broker before cannot be reached, or when the primary host is not there. */
  readonly otherUrls: readonly string[];
  /** `json`: one retained topic per tag; `sparkplug`: an edge node of Sparkplug B 3.0, which fixes QoS and retain itself. */
  readonly format: "json" | "sparkplug";
  /** Sparkplug only: the host application without which nothing is published; null for none. */
  readonly primaryHost: string | null;
  /** Files in PEM, absolute; null where the certificates that come with Node decide. */
  readonly tls: {
    readonly caFile: string | null;
    readonly certificateFile: string | null;
    readonly keyFile: string | null;
  } | null;
  readonly qos: 0 | 1;
  readonly retain: boolean;
  /** 4 is MQTT 3.1.1. */
  readonly protocolVersion: 4 | 5;
  readonly clientId: string;
  readonly user: string | null;
  readonly password: string | null;
  readonly keepaliveS: number;
  /** Sparkplug only: what hosts that send commands may do; null where no command writes anything. */
  readonly commands: WriteRole | null;
}

export interface InfluxOutputConfig extends OutputBase {
  readonly type: "influx";
  readonly url: string;
  readonly version: 1 | 2 | 3;
  /** Version 1 and 3. */
  readonly database: string | null;
  /** Version 2. */
  readonly organization: string | null;
  readonly bucket: string | null;
  readonly token: string | null;
  readonly user: string | null;
  readonly password: string | null;
  /** File in PEM, absolute; null where the certificates that come with Node decide. */
  readonly caFile: string | null;
  readonly gzip: boolean;
  /** Readings in one request at the most. */
  readonly batchReadingsMax: number;
}

export interface BrokerConfig {
  readonly host: string;
  readonly port: number;
  readonly wsPort: number;
  /** Absent where it does not encrypt. */
  readonly tls?: ListenerTls;
  /** The plant file allows other machines to come without encryption. */
  readonly plaintext?: boolean;
}
