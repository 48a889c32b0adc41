import { describe, expect, test } from "vitest";
import { ConnectionLost } from "../../../src/domain/errors.ts";
import { saidElsewhere } from "../../../src/domain/said.ts";
import { systemClock } from "../../../src/domain/system-clock.ts";
import { connectionLost, isRefusal, TimedOut, withDeadline } from "../../../src/drivers/opcua/faults.ts";

const ENDPOINT = "opc.tcp://plc:4840";

describe("connectionLost", () => {
  test.each([
    ["BadUserAccessDenied (0x801f0000)", "refuses this user name and password"],
    ["BadSecurityChecksFailed (0x80130000)", "does not trust the gateway's certificate"],
    ["connect ECONNREFUSED 127.0.0.1:4840", "nothing listens there"],
    ["RSA_PKCS1_PADDING is no longer supported for private decryption", "Basic128Rsa15"],
    ["RSA_PKCS1_PADDING is no longer supported for private decryption", "--security-revert=CVE-2023-46809"],
  ])("explains %j", (said, sentence) => {
    const cause = new Error(said);
    const lost = connectionLost(ENDPOINT, cause);
    expect(lost.message).toContain(ENDPOINT);
    expect(lost.message).toContain(sentence);
    expect(lost.message).toContain(said);
    expect(lost.cause).toBe(cause);
  });

  test("keeps a lost link as it is, and bounds what it quotes", () => {
    const lost = new ConnectionLost(saidElsewhere("gone"));
    expect(connectionLost(ENDPOINT, lost)).toBe(lost);
    expect(connectionLost(ENDPOINT, new Error("x\n".repeat(10_000))).message.length).toBeLessThan(400);
  });
});

describe("isRefusal", () => {
  test.each([
    ["an answer attached", Object.assign(new Error("no"), { response: {} }), true],
    ["a quoted status", new Error(" ServiceResult is BadSessionIdInvalid (0x80250000)"), true],
    ["a broken channel", new Error("Invalid Channel BadConnectionClosed (0x80ae0000)"), false],
    ["a deadline", new TimedOut(saidElsewhere("no answer")), false],
    ["a socket error", new Error("ECONNRESET"), false],
  ])("with %s: %s", (_, error, expected) => {
    expect(isRefusal(error)).toBe(expected);
  });
});

describe("withDeadline", () => {
  test("gives what the work gives", async () => {
    expect(await withDeadline(systemClock, 1_000, "reading", Promise.resolve(3))).toBe(3);
  });

  test("fails after the deadline, whatever the work does later", async () => {
    let fail: (error: Error) => void = () => {};
    const work = new Promise<never>((_, reject) => {
      fail = reject;
    });
    await expect(withDeadline(systemClock, 5, "reading", work)).rejects.toThrow(
      "reading: no answer within 5 ms",
    );
    fail(new Error("too late to matter"));
  });

  test("ends with the signal's reason", async () => {
    const stop = new AbortController();
    const waiting = withDeadline(systemClock, 10_000, "reading", new Promise(() => {}), stop.signal);
    stop.abort(new Error("stopping"));
    await expect(waiting).rejects.toThrow("stopping");
  });
});
