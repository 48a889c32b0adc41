const bits = new Int32Array(1);
const float = new Float32Array(bits.buffer);

/** The place of a float32 number among all of them: neighbours are 1 apart, −0 comes right before 0. */
export function inOrder(value: number): number {
  float[0] = value;
  const bit = bits[0] as number;
  return bit < 0 ? -(bit & 0x7fff_ffff) - 1 : bit;
}

/** The float32 number at a place. */
export function atPlace(place: number): number {
  bits[0] = place < 0 ? (-place - 1) | 0x8000_0000 : place;
  return float[0] as number;
}
