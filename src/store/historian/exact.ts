type Listed = readonly [row: number, text: string, isInteger?: 0];

/** 64-bit integers and texts by row, as UTF-8 bytes. */
export function writeExactValues(exact: ReadonlyMap<number, bigint | string>): Uint8Array {
  const rows = Array.from(exact, ([row, one]): Listed =>
    typeof one === "string" ? [row, one] : [row, one.toString(), 0],
  );
  return new TextEncoder().encode(JSON.stringify(rows));
}

export function readExactValues(bytes: Uint8Array): Map<number, bigint | string> {
  const rows = JSON.parse(new TextDecoder().decode(bytes)) as readonly Listed[];
  return new Map(rows.map(([row, text, isInteger]) => [row, isInteger === undefined ? text : BigInt(text)]));
}
