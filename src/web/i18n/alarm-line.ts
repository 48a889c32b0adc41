import { PLANT_WORDS } from "../../domain/plant-words.ts";
import { texts } from "./texts.ts";

export const alarmLineWords = texts({
  "es-PE": {
    first: "primera",
    follower: "siguiente",
    undetermined: "orden sin determinar",
    ago: (age: string) => `hace ${age}`,
    state: PLANT_WORDS["es-PE"].alarmState,
  },
  en: {
    first: "first",
    follower: "follower",
    undetermined: "order undetermined",
    ago: (age) => `${age} ago`,
    state: PLANT_WORDS.en.alarmState,
  },
});
