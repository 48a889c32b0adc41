import type { AlarmConfig } from "../../src/config/alarms.ts";
import type { Plant } from "../../src/config/plant.ts";
import type { AlarmPriority } from "../../src/domain/alarm.ts";
import { alarmConfig } from "./alarm-config.ts";
import { deviceOf, modbusTag, plantOf, tcpConnection } from "./simulated-plant.ts";

const AREAS = ["crushing", "grinding", "leach", "detox"];

/** A share of priorities as a plant has them: of twenty one is grave, three are serious. */
function priorityOf(index: number): AlarmPriority {
  if (index % 20 === 0) return 1;
  return index % 20 < 4 ? 2 : 3;
}

export const alarmTag = (index: number): string => `LT-${1_000 + index}`;
export const alarmName = (index: number): string => `${alarmTag(index)}.H`;

/** So many levels of one PLC, each with an alarm above 90 %. A test sets what they show. */
export function alarmPlant(count: number, periodMs: number) {
  const levels = new Map<string, number>();
  const tags = Array.from({ length: count }, (_, index) =>
    modbusTag({
      id: alarmTag(index),
      title: `Nivel ${index + 1}`,
      area: AREAS[index % AREAS.length] as string,
      unit: "%",
      periodMs,
      source: { address: 2 * index },
    }),
  );
  const plant: Plant = {
    ...plantOf([tcpConnection("line")], [deviceOf("P1", "line", 1)], tags),
    title: "Planta modular Puma",
    alarms: tags.map((tag, index) => alarmOf(tag.id, tag.area, index)),
  };
  return {
    plant,
    source: { valueAt: ({ id }: { readonly id: string }): number => levels.get(id) ?? 50 },
    /** What these levels show from now on. */
    set(indexes: Iterable<number>, level: number): void {
      for (const index of indexes) levels.set(alarmTag(index), level);
    },
  };
}

function alarmOf(tag: string, area: string, index: number): AlarmConfig {
  return alarmConfig(`${tag}.H`, {
    title: `Nivel ${index + 1} alto${index === 4 ? " en el tanque de agua de proceso de la molienda" : ""}`,
    area,
    on: { from: "tag", id: tag },
    limit: { amount: 90 },
    deadband: 2,
    priority: priorityOf(index),
    latch: index === 2,
    group: index >= 8 && index < 16 ? "bombas" : null,
    consequence: "El tanque rebosa",
    response: "Abrir la descarga",
    timeToRespondMs: 300_000,
  });
}
