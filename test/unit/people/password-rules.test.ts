import { describe, expect, it } from "vitest";
import { nameFault, nameKey } from "../../../src/security/names.ts";
import { passwordFault } from "../../../src/security/password-rules.ts";

describe("a new password", () => {
  it.each([
    "lluvia martillo tren 58",
    "Sombrero de paja en julio",
    "vTx9!qLm2@zRw7",
    "kV8#mQ2$pL5n",
    "zorro-camino-lápiz-nube",
    "𝓁𝓁𝓊𝓋𝒾𝒶 tren 58 martillo",
  ])("%s will do", (password) => {
    expect(passwordFault(password, "Rosa Quispe")).toBeNull();
  });

  it.each([
    ["", /at least 12/],
    ["corto 1234!", /at least 12/],
    ["aaaaaaaaaaaaaaaa", /different/],
    ["abababababababab", /different/],
    ["123456789012", /tried first/],
    ["password1234", /tried first/],
    ["Password2026!", /tried first/],
    ["P4$$w0rd2026!", /tried first/],
    ["qwertyuiop123", /tried first/],
    ["1q2w3e4r5t6y", /tried first/],
    ["contraseña2026", /tried first/],
    ["Bienvenido2026", /tried first/],
    ["pumagateway123", /tried first/],
    ["AdminAdmin2026!", /tried first/],
    ["operador-arequipa", /tried first/],
    ["RosaQuispe2026", /tried first/],
    ["abcabcabcabcdef", /tried first/],
    ["correcthorsebatterystaple", /tried first/],
    ["x".repeat(100) + "yzabc".repeat(30), /at most 200/],
  ])("%.40s is refused", (password, sentence) => {
    expect(passwordFault(password, "Rosa Quispe")).toMatch(sentence);
  });

  it("is judged at once however long and odd it is", () => {
    const odd = ["a", "ab", "\u202E", "👷", "[({", "%s"].map((part) => part.repeat(100).slice(0, 200));
    const before = performance.now();
    for (const password of odd) passwordFault(password, password);
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});

describe("a name", () => {
  it.each(["rosa", "Rosa Quispe", "J. O'Higgins", "ñandú_7", "rosa@mina.pe", "historian-1"])(
    "%s will do",
    (name) => {
      expect(nameFault(name)).toBeNull();
    },
  );

  it.each(["", " ", "-x", "a\nb", "a\u202Eb", "<b>", "a/b", "x".repeat(65), "gateway", "Local Engineer"])(
    "%j is refused",
    (name) => {
      expect(nameFault(name)).not.toBeNull();
    },
  );

  it("is the same in capitals, with other forms of its letters and with spaces around", () => {
    expect(nameKey(" ROSA  Ñahui ")).toBe(nameKey("rosa Ñahui"));
  });
});
