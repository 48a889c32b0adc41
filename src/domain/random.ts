/** A seeded stream of numbers in [0, 1). */
export type Random = () => number;

/** 32-bit FNV-1a over the UTF-8 bytes of a name. Source: Fowler, Noll, Vo; RFC 9923. */
export function fnv1a32(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

/** Tommy Ettinger's mulberry32: small, fast and good enough for noise and jitter; not for secrets. */
export function mulberry32(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Each name has its own stream, so that adding one changes no other. */
export function randomFor(name: string, seed: number): Random {
  return mulberry32((fnv1a32(name) ^ seed) >>> 0);
}

/** Standard normal by Box–Muller; takes two draws and gives one number. */
export function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}
