import type { EpochMs } from "../../src/domain/time.ts";
import type { LaboratoryGateway } from "./laboratory.ts";

const HOUR = 3_600_000;

/** Something of everything that people enter and do, so that no page is empty. */
export async function fillBooks(lab: Pick<LaboratoryGateway, "post">, now: EpochMs): Promise<void> {
  const ago = (hours: number): string => new Date(now - hours * HOUR).toISOString();
  const enter = async (path: string, body: object): Promise<void> => {
    const { status, body: answer } = await lab.post(`/api/v1/${path}`, body);
    if (status !== 200) throw new Error(`${path}: ${JSON.stringify(answer)}`);
  };
  const cut = { cut_from: ago(8), cut_to: ago(4), unit: "g/t" };
  await enter("assays", [
    { sample: "S-1", point: "AY-901", value: 12.35, batch: "B-7", ...cut },
    { sample: "S-2", point: "AY-901", kind: "duplicate", value: 12.9, batch: "B-7", ...cut },
    { sample: "Q-1", point: "", kind: "standard", material: "CRM-5", value: 5.6, batch: "B-7", ...cut },
    { sample: "Q-2", point: "", kind: "blank", value: 0.01, batch: "B-7", ...cut },
  ]);
  await enter("lots", { ref: "L-1", at: ago(8), vein: "Puma", wetT: 32.5, moisturePercent: 3.5 });
  await enter("lots", { ref: "L-2", at: ago(3), vein: "Rosario", wetT: 28.1, moisturePercent: 4.1 });
  const mill = { equipment: "ML-203" };
  await enter("downtime", { from: ago(3), to: ago(2), ...mill, code: "breakdown", note: "perno" });
  await enter("downtime", { from: ago(7), to: ago(6.5), ...mill, code: "planned", note: "forros" });
  await enter("notes", { from: ago(1), topic: "bypass", area: "grinding", ...mill, text: "puenteado" });
  const reason = "sonda en limpieza";
  await enter("alarms/AT-401B.L/shelve", { minutes: 60, reason });
  await enter("alarms/LT-801.L/suppress", { reason: "tanque vacío por reparación" });
  await enter("alarms/VT-302.H/out-of-service", { reason: "sensor cambiado mañana" });
}
