import { texts } from "./texts.ts";

/** What stands around every page. */
export const shellWords = texts({
  "es-PE": {
    skip: "Ir al contenido",
    menu: "Menú",
    navigation: "Páginas",
    page: { overview: "Vista general", tags: "Señales", trends: "Tendencias", users: "Usuarios" },
    areas: "Áreas",
    noPage: "Esta página no existe.",
    noPageHint: "Vaya a la vista general.",
    loadingPage: "Abriendo la página…",
    pageFailed: "La página no se pudo cargar.",
    retry: "Reintentar",
    alarms: "Alarmas activas por prioridad",
    alarmCount: (priority: string, count: string, unacknowledged: string) =>
      `${priority}: ${count}, sin reconocer ${unacknowledged}`,
    priority: { 1: "prioridad 1", 2: "prioridad 2", 3: "prioridad 3", 4: "diagnóstico" },
    unacknowledged: "sin reconocer",
    keys: "Teclas",
    keysHint: "Estas teclas sirven en toda página, salvo mientras se escribe.",
    keysOn: "Usar las teclas",
    showKeys: "Mostrar estas teclas",
    close: "Cerrar",
  },
  en: {
    skip: "Skip to content",
    menu: "Menu",
    navigation: "Pages",
    page: { overview: "Overview", tags: "Tags", trends: "Trends", users: "Users" },
    areas: "Areas",
    noPage: "There is no such page.",
    noPageHint: "Go to the overview.",
    loadingPage: "Opening the page…",
    pageFailed: "The page could not be loaded.",
    retry: "Try again",
    alarms: "Standing alarms by priority",
    alarmCount: (priority, count, unacknowledged) =>
      `${priority}: ${count}, unacknowledged ${unacknowledged}`,
    priority: { 1: "priority 1", 2: "priority 2", 3: "priority 3", 4: "diagnostic" },
    unacknowledged: "unacknowledged",
    keys: "Keys",
    keysHint: "These keys work on every page, but not while typing.",
    keysOn: "Use the keys",
    showKeys: "Show these keys",
    close: "Close",
  },
});
