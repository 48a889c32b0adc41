import type { DeviceState } from "../../domain/health.ts";
import { PLANT_WORDS } from "../../domain/plant-words.ts";
import type { Quality, Reason } from "../../domain/status.ts";

/** Everything that the page says. A language that lacks one of these does not compile. */
export interface Words {
  readonly locale: string;
  readonly language: string;
  readonly theme: Readonly<Record<"label" | "system" | "light" | "dark", string>>;
  /** The gateway gives no answer at all. */
  readonly away: string;
  readonly link: Readonly<Record<"connecting" | "live" | "lost", string>>;
  readonly linkLost: (since: string) => string;
  readonly linkLostHint: string;
  /** Banner about an output without encryption. */
  readonly plaintext: (output: string, hosts: string) => string;
  readonly plaintextListener: Readonly<Record<"page" | "broker", string>>;
  readonly plaintextHint: string;
  readonly clockAhead: (by: string) => string;
  readonly clockBehind: (by: string) => string;
  readonly clockHint: string;
  readonly quality: Readonly<Record<Quality, string>>;
  /** After a number of tags. */
  readonly qualities: Readonly<Record<Quality, string>>;
  readonly reason: Readonly<Record<Reason, string>>;
  readonly area: Readonly<Record<string, string>>;
  readonly allAreas: string;
  readonly areaFilter: string;
  readonly search: string;
  readonly onlyAbnormal: string;
  readonly noTags: string;
  readonly tagCount: (shown: string, all: string) => string;
  readonly yes: string;
  readonly no: string;
  readonly columns: Readonly<
    Record<"tag" | "title" | "position" | "value" | "unit" | "quality" | "age", string>
  >;
  readonly devices: string;
  readonly deviceState: Readonly<Record<DeviceState, string>>;
  readonly tagsGood: (good: string, all: string) => string;
  readonly latency: (ms: string) => string;
  readonly lastAnswer: (age: string) => string;
  readonly neverAnswered: string;
  readonly outputs: string;
  readonly noOutputs: string;
  readonly output: Readonly<
    Record<
      | "name"
      | "endpoint"
      | "state"
      | "connected"
      | "disconnected"
      | "accepted"
      | "delivered"
      | "pending"
      | "dropped"
      | "quarantined"
      | "lag",
      string
    >
  >;
  readonly summary: string;
  readonly plantTime: string;
  readonly noAccounts: string;
  readonly hurried: (speed: string) => string;
  readonly version: (version: string) => string;
  readonly apiDocs: string;
  readonly loading: string;
}

export const esPE: Words = {
  locale: "es-PE",
  language: "Idioma",
  theme: { label: "Tema", system: "sistema", light: "claro", dark: "oscuro" },
  away: "El gateway no responde.",
  link: { connecting: "Conectando…", live: "En vivo", lost: "Sin conexión" },
  linkLost: (since) => `Sin conexión con el gateway desde las ${since}`,
  linkLostHint:
    "Los valores son los últimos recibidos, no los actuales. Se reintenta sin recargar la página.",
  plaintext: (output, hosts) => `La salida ${output} viaja sin cifrar hacia ${hosts}`,
  plaintextListener: {
    page: "Esta página viaja sin cifrar hacia otras máquinas",
    broker: "El bróker MQTT del gateway no cifra lo que escuchan otras máquinas",
  },
  plaintextHint: "Cualquiera en el camino puede leer y alterar las lecturas y las contraseñas.",
  clockAhead: (by) => `El reloj de este equipo adelanta ${by} al de la planta`,
  clockBehind: (by) => `El reloj de este equipo atrasa ${by} respecto al de la planta`,
  clockHint: "Aquí todas las horas son las de la planta. Revise cuál de los dos relojes está mal.",
  quality: { good: "buena", uncertain: "incierta", bad: "mala" },
  qualities: { good: "buenas", uncertain: "inciertas", bad: "malas" },
  reason: {
    STALE: "antiguo",
    COMM: "sin enlace",
    RANGE: "fuera rango",
    NAMUR: "lazo 4-20",
    STUCK: "congelado",
    CLOCK: "reloj errado",
    CONFIG: "config.",
    DEVICE: "falla equipo",
    SENSOR: "falla sensor",
    MAINT: "mantto.",
    MANUAL: "manual",
    SUBSTITUTED: "sustituido",
    SIMULATED: "simulado",
    WAITING: "esperando",
    BUSY: "ocupado",
    OTHER: "otra causa",
  },
  area: PLANT_WORDS["es-PE"].area,
  allAreas: "Todas",
  areaFilter: "Filtrar por área",
  search: "Buscar señal",
  onlyAbnormal: "Solo anormales",
  noTags: "Ninguna señal cumple con el filtro.",
  tagCount: (shown, all) => (shown === all ? `${all} señales` : `${shown} de ${all}`),
  yes: "sí",
  no: "no",
  columns: {
    tag: "Señal",
    title: "Descripción",
    position: "Posición en el rango",
    value: "Valor",
    unit: "Unidad",
    quality: "Calidad",
    age: "Edad",
  },
  devices: "Equipos de campo",
  deviceState: {
    online: "en línea",
    degraded: "degradado",
    silent: "no responde",
    disconnected: "desconectado",
    starting: "iniciando",
  },
  tagsGood: (good, all) => `${good} de ${all} señales buenas`,
  latency: (ms) => `${ms} ms`,
  lastAnswer: (age) => `hace ${age}`,
  neverAnswered: "sin respuesta",
  outputs: "Salidas",
  noOutputs: "No hay salidas configuradas.",
  output: {
    name: "Salida",
    endpoint: "Destino",
    state: "Estado",
    connected: "conectada",
    disconnected: "desconectada",
    accepted: "Aceptadas",
    delivered: "Entregadas",
    pending: "Pendientes",
    dropped: "Perdidas",
    quarantined: "Rechazadas",
    lag: "Retraso",
  },
  summary: "Señales por calidad",
  plantTime: "Hora de planta",
  noAccounts: "Sin cuentas: quien esté en este equipo actúa como ingeniero.",
  hurried: (speed) => `Tiempo simulado ×${speed}`,
  version: (version) => `Puma Gateway ${version}`,
  apiDocs: "Documentación de la API",
  loading: "Leyendo la planta…",
};
