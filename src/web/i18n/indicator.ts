import { texts } from "./texts.ts";

export const indicatorWords = texts({
  "es-PE": {
    old: (age: string) => `hace ${age}`,
    unknownTag: "señal desconocida",
    running: "en marcha",
    stopped: "en parada",
    unknown: "sin dato",
    trend: "tendencia",
  },
  en: {
    old: (age) => `${age} ago`,
    unknownTag: "unknown tag",
    running: "running",
    stopped: "stopped",
    unknown: "not known",
    trend: "trend",
  },
});
