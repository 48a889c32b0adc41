import { describe, expect, test } from "vitest";
import { ConnectionLost } from "../../../src/domain/errors.ts";
import { say, SENTENCES } from "../../../src/domain/said.ts";
import type { SentenceCode } from "../../../src/domain/said.ts";
import { connectionLost } from "../../../src/drivers/modbus/faults.ts";
import { failure } from "../../../src/http/failure.ts";
import { refusalSentence } from "../../../src/outputs/refusals.ts";
import { SENTENCES_ES } from "../../../src/web/i18n/sentences.ts";
import { language } from "../../../src/web/preferences.ts";
import { sentenceOf } from "../../../src/web/told.ts";

const CODES = Object.keys(SENTENCES) as SentenceCode[];

const gapsOf = (text: string): readonly string[] =>
  [...text.matchAll(/\{\w+\}/gu)].map(([gap]) => gap).toSorted();

/** As it comes over the network. */
const sent = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe("what the gateway says to people", () => {
  test("is there in Spanish, sentence by sentence, and nothing is there that is never said", () => {
    expect(Object.keys(SENTENCES_ES).toSorted()).toEqual(CODES.toSorted());
    for (const code of CODES) expect(SENTENCES_ES[code].trim(), code).not.toBe("");
  });

  test.each(CODES)("%s says in Spanish all that it says in English", (code) => {
    // An action is told by the button that was pressed, a period by its key, and a fault by where it was chosen.
    const left = new Set(["{action}", "{period}", "{fault}"]);
    const spanish = gapsOf(SENTENCES_ES[code]);
    const english = gapsOf(SENTENCES[code]).filter((gap) => !left.has(gap) || spanish.includes(gap));
    expect(spanish).toEqual(english);
    if (SENTENCES[code].replaceAll(/\{\w+\}/gu, "").match(/[a-z]{3}/u) !== null)
      expect(SENTENCES_ES[code]).not.toBe(SENTENCES[code]);
  });

  test("comes with its code and what stands in it, and reads in the language of the page", () => {
    const body = sent(
      failure(400, say("outside-point", { digits: "999", point: "AY-901", low: 0, high: 200, unit: "g/t" })),
    );
    expect(body).toMatchObject({
      code: "outside-point",
      message: "999 is outside the range of AY-901, 0 to 200 g/t",
    });
    language.value = "es-PE";
    expect(sentenceOf(body.message, body)).toBe("999 está fuera del rango de AY-901, 0 a 200 g/t");
    language.value = "en";
    expect(sentenceOf(body.message, body)).toBe(body.message);
  });

  test("words a sentence within a sentence too, and leaves what nobody has words for", () => {
    language.value = "es-PE";
    const refused = sent(connectionLost("crushing", { code: "ECONNREFUSED" }).said);
    expect(sentenceOf("crushing: nothing listens there", refused)).toBe("crushing: nadie escucha ahí");
    const strange = sent(connectionLost("crushing", new Error("the cable is blue")).said);
    expect(sentenceOf("crushing: the cable is blue", strange)).toBe("crushing: the cable is blue");
    expect(sentenceOf("Who knows.", { code: "said-by-a-newer-gateway" })).toBe("Who knows.");
    expect(sentenceOf("Who knows.", null)).toBe("Who knows.");
    const expired = Object.assign(new Error("x"), { code: "CERT_HAS_EXPIRED" });
    const lost = new ConnectionLost(
      say("server-unreachable", { host: "influx", why: refusalSentence(expired) }),
    );
    expect(lost.message).toBe(
      "influx cannot be reached: its certificate has expired, or the clock of this machine is wrong.",
    );
    expect(sentenceOf(lost.message, sent(lost.said))).toBe(
      "No se llega a influx: su certificado venció, o el reloj de esta máquina está mal.",
    );
  });

  test("names the state of an alarm as the alarm list does", () => {
    language.value = "es-PE";
    const said = sent(say("alarm-not-so", { alarm: "LT-1.H", state: "NORM", wanted: "SHELVED" }));
    expect(sentenceOf(said.sentence, said)).not.toMatch(/NORM|SHELVED/u);
  });
});
