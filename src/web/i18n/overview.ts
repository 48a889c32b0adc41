import { texts } from "./texts.ts";

export const overviewWords = texts({
  "es-PE": {
    tags: (count: string) => `${count} señales`,
    allGood: "todas buenas",
    link: "Enlace con los equipos",
  },
  en: {
    tags: (count) => `${count} tags`,
    allGood: "all good",
    link: "Link with the devices",
  },
});
