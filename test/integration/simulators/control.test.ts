import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openControl } from "../../../simulators/control.ts";
import type { Control } from "../../../simulators/control.ts";
import { severity } from "../../../src/domain/status.ts";
import { systemClock } from "../../../src/domain/system-clock.ts";
import { createSimulatorDesk } from "../../../src/gateway/simulator-channel.ts";
import { language } from "../../../src/web/preferences.ts";
import { sentenceOf } from "../../../src/web/told.ts";
import type { ToldAnswer } from "../../../src/web/told.ts";
import { root, runPlant } from "../../support/plant.ts";
import type { RunningPlant } from "../../support/plant.ts";
import { until } from "../../support/until.ts";

interface Body extends ToldAnswer {
  readonly message?: string;
  readonly running?: readonly {
    readonly id: number;
    readonly fault: string;
    readonly target: string | null;
  }[];
  readonly known?: readonly { readonly fault: string; readonly group: string }[];
  readonly setpoints?: readonly { readonly setpoint: string; readonly value: number }[];
}

describe("the simulators behind a gateway that was started for them", () => {
  let dir: string;
  let puma: RunningPlant;
  let control: Control;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "puma-control-"));
    const socket = join(dir, "control.sock");
    const simulators = createSimulatorDesk(socket);
    puma = await runPlant(join(root, "devices", "plants", "puma.yaml"), undefined, {}, systemClock, {
      simulators,
    });
    control = await openControl(puma.simulated, socket);
  });
  afterAll(async () => {
    await control.close();
    await puma[Symbol.asyncDispose]();
    await rm(dir, { recursive: true, force: true });
  });

  async function ask(method: string, path = "", body?: object): Promise<{ status: number; body: Body }> {
    const response = await fetch(`${puma.gateway.httpUrl}/api/v1/simulators${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    return { status: response.status, body: (await response.json()) as Body };
  }
  const readingOf = (id: string) => {
    const tag = puma.gateway.view.plant.tags.find((one) => one.id === id);
    return puma.gateway.view.reading(tag?.index ?? -1);
  };

  it("say what can go wrong, on the wire, at instruments, in the process and in the laboratory", async () => {
    const { body } = await ask("GET");
    expect(new Set(body.known?.map(({ group }) => group))).toEqual(
      new Set(["wire", "instrument", "process", "laboratory"]),
    );
    expect(body.running).toEqual([]);
    expect(body.setpoints?.map(({ setpoint }) => setpoint)).toContain("FIC-201.SP");
  });

  it("kill a device when they are asked to, which the gateway sees as it sees a dead device, and bring it back", async () => {
    await until(() => severity(readingOf("FT-207").status) === 0, 30_000);
    const { body } = await ask("POST", "/faults", { fault: "dead", device: "P2" });
    expect(body.running).toMatchObject([{ fault: "dead", target: "P2" }]);
    await until(() => readingOf("FT-207").value === null, 30_000);
    const cleared = await ask("DELETE", `/faults/${body.running?.[0]?.id}`);
    expect(cleared.body.running).toEqual([]);
    await until(() => severity(readingOf("FT-207").status) === 0, 30_000);
  });

  it("upset the process, for a time, and take setpoints", async () => {
    const { body } = await ask("POST", "/faults", { fault: "lime-feeder-trip", minutes: 600 });
    expect(body.running).toMatchObject([{ fault: "lime-feeder-trip", target: null }]);
    await until(() => (readingOf("WIT-603").value as number) < 0.5, 30_000);
    const set = await ask("POST", "/setpoints", { setpoint: "FIC-201.SP", value: 3.5 });
    expect(set.body.setpoints).toContainEqual(
      expect.objectContaining({ setpoint: "FIC-201.SP", value: 3.5 }),
    );
    await until(() => readingOf("FIC-201.SP").value === 3.5, 30_000);
    await ask("DELETE", `/faults/${body.running?.[0]?.id}`);
  });

  it.each([
    [{ fault: "doomsday" }, 'There is no fault "doomsday".', "No existe la falla «doomsday»."],
    [{ fault: "dead" }, "needs one target", "necesita un solo objetivo: una conexión o un equipo."],
    [
      { fault: "dead", device: "X9" },
      'There is no device "X9".',
      "No existe el equipo «X9». Los que hay son: P1,",
    ],
    [{ fault: "dropout", tag: "FT-207" }, "is for opcua", "es para opcua; FT-207 habla modbus-tcp."],
    [{ fault: "word-swap", tag: "XS-203" }, "is no number", "XS-203 no es un número de varios registros."],
    [{ fault: "dead", device: "P2", amount: 3 }, 'takes no "amount"', "Esta falla no lleva «amount»."],
  ])("refuse %j with a sentence, in English and in Spanish", async (wish, english, spanish) => {
    const { status, body } = await ask("POST", "/faults", wish);
    expect(status).toBe(409);
    expect(body.message).toContain(english);
    language.value = "es-PE";
    expect(sentenceOf(body.message ?? "", body)).toContain(spanish);
    expect((await ask("GET")).body.running).toEqual([]);
  });

  it("refuse a setpoint that there is not, and one beyond its range", async () => {
    language.value = "es-PE";
    for (const [wish, spanish] of [
      [{ setpoint: "FIC-999.SP", value: 1 }, "No existe la consigna FIC-999.SP."],
      [{ setpoint: "FIC-201.SP", value: 1e6 }, "FIC-201.SP admite de "],
    ] as const) {
      const { status, body } = await ask("POST", "/setpoints", wish);
      expect(status).toBe(409);
      expect(sentenceOf(body.message ?? "", body)).toContain(spanish);
    }
  });

  it("are not pushed aside by others that start in the same place", async () => {
    await expect(openControl(puma.simulated, join(dir, "control.sock"))).rejects.toThrow("other simulators");
    expect((await ask("GET")).status).toBe(200);
  });

  it("are told to be away when they are", async () => {
    const away = createSimulatorDesk(join(dir, "nobody.sock"));
    await expect(away.order({ ask: "state" })).rejects.toThrow("The simulators cannot be reached");
  });
});

it("a gateway that was started for a plant has no simulators to disturb", async () => {
  await using puma = await runPlant(join(root, "devices", "plants", "one-meter.yaml"));
  const url = puma.gateway.httpUrl;
  expect((await fetch(`${url}/api/v1/simulators`)).status).toBe(404);
  expect(await (await fetch(`${url}/api/v1/plant`)).json()).toMatchObject({ simulators: false });
});
