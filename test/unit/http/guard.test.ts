import { describe, expect, it } from "vitest";
import { isLoopback } from "../../../src/http/callers.ts";
import { isOwnHost, isOwnOrigin } from "../../../src/http/guard.ts";

describe("the address of a client", () => {
  it.each([
    ["127.0.0.1", true],
    ["127.8.9.10", true],
    ["::1", true],
    ["::ffff:127.0.0.1", true],
    ["192.0.2.7", false],
    ["::ffff:192.0.2.7", false],
    ["2001:db8::1", false],
    ["127.0.0.1.example.org", false],
    ["", false],
  ])("%s is this machine: %s", (address, expected) => {
    expect(isLoopback(address)).toBe(expected);
  });
});

describe("the Host header", () => {
  const ownNames = new Set(["localhost", "gateway"]);

  it.each([
    ["localhost", true],
    ["localhost:8080", true],
    ["LOCALHOST:8080", true],
    ["gateway:80", true],
    ["127.0.0.1:8080", true],
    ["192.0.2.7", true],
    ["[::1]:8080", true],
    ["attacker.example", false],
    ["localhost.attacker.example", false],
    ["localhost:8080@attacker.example", false],
    ["127.0.0.1.nip.example:8080", false],
    ["localhost:", false],
    ["localhost:808080", false],
    ["", false],
    [undefined, false],
    ["__proto__", false],
  ])("%s is ours: %s", (header, expected) => {
    expect(isOwnHost(header, ownNames)).toBe(expected);
  });
});

describe("the Origin header", () => {
  it.each([
    ["http://localhost:8080", "localhost:8080", true],
    ["http://LOCALHOST:8080", "localhost:8080", true],
    ["https://gateway", "gateway", true],
    [undefined, "localhost:8080", true],
    ["http://localhost:8081", "localhost:8080", false],
    ["http://attacker.example", "localhost:8080", false],
    ["null", "localhost:8080", false],
    ["file://localhost:8080", "localhost:8080", false],
    ["http://localhost:8080.attacker.example", "localhost:8080", false],
    ["http://localhost:8080", undefined, false],
  ])("%s on %s is one of our pages: %s", (origin, host, expected) => {
    expect(isOwnOrigin(origin, host)).toBe(expected);
  });
});
