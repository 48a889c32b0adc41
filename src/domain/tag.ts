/** What one tag is. Built once from the device profile and the plant file, then never changed. */
export type DataType =
  | "bool"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "float32"
  | "float64"
  | "string";

/** Engineering-unit range, in the tag's unit. */
export interface EuRange {
  readonly low: number;
  readonly high: number;
}

export type ModbusTable = "coil" | "discrete" | "holding" | "input";

/** Order of the bytes A (most significant) … D in the registers r0, r1; 64-bit values follow the same rule over four. */
export type WordOrder = "ABCD" | "CDAB" | "BADC" | "DCBA";

export interface ModbusSource {
  readonly protocol: "modbus";
  readonly table: ModbusTable;
  /** Zero-based address on the wire. */
  readonly address: number;
  /** Registers (or bits, for coils and discrete inputs) that the value takes. */
  readonly width: number;
  /** Bit of the register, 0 = least significant; null when the whole value is meant. */
  readonly bit: number | null;
  readonly wordOrder: WordOrder;
}

export interface OpcUaSource {
  readonly protocol: "opcua";
  readonly node: string;
  /** `subscribe`: the server reports changes; `read`: we read it every scan. */
  readonly mode: "subscribe" | "read";
  readonly samplingMs: number;
  readonly queueSize: number;
  /** Filter at the server: absolute in the tag's unit or percent of EURange; null for none. */
  readonly deadband: { readonly kind: "absolute" | "percent"; readonly amount: number } | null;
}

export type TagSource = ModbusSource | OpcUaSource;

/** How a raw number becomes an engineering value: raw × scale + offset, then range and loop checks. */
export interface Scaling {
  readonly scale: number;
  readonly offset: number;
  /** Raw counts at 0 % and 100 % of the current loop; null when the raw number is no loop signal. */
  readonly loopRaw: EuRange | null;
}

export interface Tag {
  /** Position in `Plant.tags`; batches name tags by it. */
  readonly index: number;
  /** ISA-5.1 style, unique in the plant: "FT-207". */
  readonly id: string;
  readonly title: string;
  readonly area: string;
  readonly device: string;
  readonly type: DataType;
  /** UCUM code; null for states, counts, bits and text. */
  readonly unit: string | null;
  readonly range: EuRange | null;
  /** Where it usually is while the plant runs well, in its unit; null where nobody has said, or its alarm limits do. */
  readonly normal: EuRange | null;
  readonly scanClass: string;
  readonly periodMs: number;
  /** Names of the states of an enumeration, by number. */
  readonly values: Readonly<Record<string, string>> | null;
  readonly scaling: Scaling;
  /** Counts at which a totalizer starts again at zero; null when the tag is no totalizer. */
  readonly rolloverCounts: number | null;
  /** Report by exception: smallest change in the tag's unit that is worth reporting; 0 reports every change. */
  readonly deadband: number;
  /** An unchanged value is reported again after this long. */
  readonly maxSilenceMs: number;
  /** Bit-identical for longer than this is suspicious; null where repetition is normal. */
  readonly stuckAfterMs: number | null;
  /** The run bit that must be on for the stuck check; null when it always applies. */
  readonly stuckWhile: string | null;
  readonly source: TagSource;
}
