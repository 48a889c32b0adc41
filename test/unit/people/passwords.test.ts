import { describe, expect, it } from "vitest";
import { createPasswords, PASSWORD_COST } from "../../../src/security/passwords.ts";
import { CHEAP } from "../../support/people.ts";

describe("a password that is kept", () => {
  it("costs a guess what OWASP asks for, unless something else is configured", async () => {
    expect(PASSWORD_COST).toEqual({ memoryKib: 19 * 1024, passes: 2, lanes: 1 });
    expect(await createPasswords(PASSWORD_COST).hash("lluvia martillo")).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/,
    );
  });

  it("is known again, in any form of its letters, and no other is", async () => {
    const passwords = createPasswords(CHEAP);
    const kept = await passwords.hash("contraseña de Ñahui");
    expect(await passwords.matches("contraseña de Ñahui".normalize("NFD"), kept)).toBe(true);
    expect(await passwords.matches("contrasena de Nahui", kept)).toBe(false);
    expect(await passwords.matches("", kept)).toBe(false);
    expect(await passwords.matches("contraseña de Ñahui", null)).toBe(false);
    expect(await passwords.matches("contraseña de Ñahui", "$argon2id$broken")).toBe(false);
  });

  it("is salted: twice the same is kept as two", async () => {
    const passwords = createPasswords(CHEAP);
    expect(await passwords.hash("lluvia martillo")).not.toBe(await passwords.hash("lluvia martillo"));
  });

  it("is hashed anew where the cost of a guess has risen", async () => {
    const kept = await createPasswords(CHEAP).hash("lluvia martillo");
    const now = createPasswords({ ...CHEAP, passes: 2 });
    expect([now.isOutdated(kept), createPasswords(CHEAP).isOutdated(kept)]).toEqual([true, false]);
    expect(await now.matches("lluvia martillo", kept)).toBe(true);
  });

  it("leaves the thread to others while it is worked out", async () => {
    const hash = createPasswords(PASSWORD_COST).hash("lluvia martillo");
    const first = await Promise.race([
      hash,
      new Promise((resolve) => {
        setImmediate(() => resolve("others"));
      }),
    ]);
    expect(first).toBe("others");
    await hash;
  });

  it("is worked out for so many at once and no more", async () => {
    const passwords = createPasswords(CHEAP);
    const all = await Promise.allSettled(Array.from({ length: 200 }, () => passwords.hash("x")));
    const refused = all.filter(({ status }) => status === "rejected");
    expect(refused.length).toBe(200 - 66);
    expect(await passwords.matches("x", await passwords.hash("x"))).toBe(true);
  });
});
