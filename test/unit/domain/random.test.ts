import { describe, expect, it } from "vitest";
import { fnv1a32, mulberry32, normal, randomFor } from "../../../src/domain/random.ts";

const SEED = 20_240_601;

describe("seeded random numbers", () => {
  it.each([
    { tag: "WIT-201", hash: 1_543_276_867, uniforms: [0.649615432, 0.968456206], first: 1.41990503 },
    { tag: "AT-401A", hash: 3_689_887_461, uniforms: [0.460215856, 0.676060897], first: -0.497541994 },
  ])("the stream of $tag agrees with an independent calculation", ({ tag, hash, uniforms, first }) => {
    expect(fnv1a32(tag)).toBe(hash);
    const random = randomFor(tag, SEED);
    for (const uniform of uniforms) expect(random()).toBeCloseTo(uniform, 8);
    expect(normal(randomFor(tag, SEED))).toBeCloseTo(first, 8);
  });

  it("the hash is that of the published test vectors, over UTF-8 bytes", () => {
    expect(fnv1a32("")).toBe(0x811c9dc5);
    expect(fnv1a32("a")).toBe(0xe40c292c);
    expect(fnv1a32("foobar")).toBe(0xbf9cf968);
    expect(fnv1a32("é")).not.toBe(fnv1a32("e"));
  });

  it("the same seed gives the same stream, another one another", () => {
    const draw = (seed: number): number[] => Array.from({ length: 5 }, mulberry32(seed));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it("uniforms lie in [0, 1) and normals have mean 0 and deviation 1", () => {
    const random = mulberry32(SEED);
    const uniforms = Array.from({ length: 20_000 }, random);
    expect(Math.min(...uniforms)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniforms)).toBeLessThan(1);
    const normals = Array.from({ length: 20_000 }, () => normal(random));
    const mean = normals.reduce((sum, x) => sum + x, 0) / normals.length;
    const variance = normals.reduce((sum, x) => sum + (x - mean) ** 2, 0) / normals.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });
});
