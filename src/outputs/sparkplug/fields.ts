/** Field numbers of the Sparkplug B payload schema (Sparkplug 3.0.0, 6.4; namespace spBv1.0). */
export const PayloadField = { timestamp: 1, metrics: 2, seq: 3 } as const;

export const MetricField = {
  name: 1,
  alias: 2,
  timestamp: 3,
  datatype: 4,
  isHistorical: 5,
  isNull: 7,
  properties: 9,
  int: 10,
  long: 11,
  float: 12,
  double: 13,
  boolean: 14,
  string: 15,
} as const;

export const PropertySetField = { keys: 1, values: 2 } as const;

export const PropertyValueField = { type: 1, int: 3, long: 4, double: 6, string: 8 } as const;

/** Sparkplug 3.0.0, 6.4.16: those of the data types that an instrument can have. */
export const SparkplugType = {
  Int16: 2,
  Int32: 3,
  Int64: 4,
  UInt16: 6,
  UInt32: 7,
  UInt64: 8,
  Float: 9,
  Double: 10,
  Boolean: 11,
  String: 12,
  DateTime: 13,
} as const;

export type SparkplugType = (typeof SparkplugType)[keyof typeof SparkplugType];

/** The only values that the property "Quality" may have (Sparkplug 3.0.0, 6.4.10). */
export const SparkplugQuality = { bad: 0, good: 192, stale: 500 } as const;
