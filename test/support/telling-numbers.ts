/** A number of each type that no wrong order of bytes leaves as it is. */
export const TELLING_NUMBERS = {
  int16: -12_345,
  uint16: 54_321,
  int32: -1_234_567_890,
  uint32: 3_456_789_012,
  int64: -1_234_567_890_123_456_789n,
  uint64: 12_345_678_901_234_567_890n,
  float32: 123.456,
  float64: -0.123456789012345,
} as const;
