import { describe, expect, it } from "vitest";
import { createThrottle } from "../../../src/security/throttle.ts";

const HOME = "192.0.2.7";
const MINUTE = 60_000;

describe("whoever tries passwords", () => {
  it("has five tries of an account for nothing, and then waits twice as long after each", () => {
    const throttle = createThrottle();
    for (let i = 0; i < 5; i++) expect(throttle.attempt("rosa", HOME, 0)).toBe(0);
    const waits: number[] = [];
    let now = 0;
    for (let i = 0; i < 12; i++) {
      const wait = throttle.attempt("rosa", HOME, now);
      waits.push(wait);
      now += wait;
      expect(throttle.attempt("rosa", HOME, now)).toBe(0);
    }
    expect(waits.map((ms) => ms / 1000)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
  });

  it("gets few tries out of a thousand a minute", () => {
    const throttle = createThrottle();
    const tries = Array.from({ length: 1000 }, (_, i) => throttle.attempt("rosa", HOME, (i * MINUTE) / 1000));
    expect(tries.filter((wait) => wait === 0).length).toBeLessThanOrEqual(11);
  });

  it("gets few tries by trying one account after the other", () => {
    const throttle = createThrottle();
    const tries = Array.from({ length: 1000 }, (_, i) =>
      throttle.attempt(`u${i}`, HOME, (i * MINUTE) / 1000),
    );
    expect(tries.filter((wait) => wait === 0).length).toBeLessThanOrEqual(36);
  });

  it("slows down nobody at another address, and no other account", () => {
    const throttle = createThrottle();
    for (let i = 0; i < 20; i++) throttle.attempt("rosa", HOME, 0);
    expect(throttle.attempt("rosa", "192.0.2.8", 0)).toBe(0);
    expect(throttle.attempt("juan", HOME, 0)).toBe(0);
  });

  it("is one for all addresses of a subscriber's IPv6 network", () => {
    const throttle = createThrottle();
    for (let i = 0; i < 5; i++) throttle.attempt("rosa", `2001:db8:1:2::${i}`, 0);
    expect(throttle.attempt("rosa", "2001:db8:1:2::99", 0)).toBeGreaterThan(0);
    expect(throttle.attempt("rosa", "2001:db8:1:3::99", 0)).toBe(0);
  });

  it("starts anew after the right password, and after half an hour", () => {
    const throttle = createThrottle();
    for (let i = 0; i < 4; i++) throttle.attempt("rosa", HOME, 0);
    throttle.attempt("rosa", HOME, 0);
    throttle.succeeded("rosa", HOME);
    for (let i = 0; i < 5; i++) expect(throttle.attempt("rosa", HOME, 0)).toBe(0);
    expect(throttle.attempt("rosa", HOME, 0)).toBeGreaterThan(0);
    expect(throttle.attempt("rosa", HOME, 31 * MINUTE)).toBe(0);
    for (let i = 0; i < 4; i++) expect(throttle.attempt("rosa", HOME, 31 * MINUTE)).toBe(0);
  });

  it("works on after a hundred thousand addresses, of which it remembers the last ones", () => {
    const throttle = createThrottle();
    for (let i = 0; i < 100_000; i++)
      throttle.attempt("rosa", `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, 0);
    for (let i = 0; i < 5; i++) throttle.attempt("rosa", "10.1.134.159", 0);
    expect(throttle.attempt("rosa", "10.1.134.159", 0)).toBeGreaterThan(0);
  });
});
