import { texts } from "./texts.ts";

export const alarmLineWords = texts({
  "es-PE": {
    first: "primera",
    follower: "siguiente",
    undetermined: "orden sin determinar",
    ago: (age: string) => `hace ${age}`,
    state: {
      NORM: "normal",
      UNACK: "sin reconocer",
      ACK: "reconocida",
      RTNUN: "retornada sin reconocer",
      LATCH_UN: "retenida sin reconocer",
      LATCH_ACK: "retenida",
      SHELVED: "aplazada",
      SUPPR: "suprimida",
      OOS: "fuera de servicio",
    },
  },
  en: {
    first: "first",
    follower: "follower",
    undetermined: "order undetermined",
    ago: (age) => `${age} ago`,
    state: {
      NORM: "normal",
      UNACK: "unacknowledged",
      ACK: "acknowledged",
      RTNUN: "returned, unacknowledged",
      LATCH_UN: "latched, unacknowledged",
      LATCH_ACK: "latched",
      SHELVED: "shelved",
      SUPPR: "suppressed",
      OOS: "out of service",
    },
  },
});
