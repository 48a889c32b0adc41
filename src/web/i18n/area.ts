import { texts } from "./texts.ts";

export const areaWords = texts({
  "es-PE": {
    noArea: (area: string) => `No hay un área ${area}.`,
    mimic: "Esquema del circuito",
    comesFrom: (area: string) => `de ${area}`,
    goesTo: (area: string) => `a ${area}`,
    chains: "Enclavamientos: cuál fue primero",
    chain: (group: string) => `Grupo ${group}`,
    normal: "normal",
    alarms: "Alarmas del área",
    noAlarms: "Ninguna alarma activa en el área.",
    measurements: "Mediciones",
    states: "Estados",
  },
  en: {
    noArea: (area) => `There is no area ${area}.`,
    mimic: "Drawing of the circuit",
    comesFrom: (area) => `from ${area}`,
    goesTo: (area) => `to ${area}`,
    chains: "Interlocks: which came first",
    chain: (group) => `Group ${group}`,
    normal: "normal",
    alarms: "Alarms of the area",
    noAlarms: "No alarm stands in the area.",
    measurements: "Measurements",
    states: "States",
  },
});
