import { texts } from "./texts.ts";

export const hornWords = texts({
  "es-PE": {
    silence: "Silenciar",
    silenced: (by: string) => `Silenciada por ${by}`,
    blocked: "Activar sonido",
    blockedHint: "El navegador no permite sonar hasta que alguien toque la página.",
    sounding: "Suena",
  },
  en: {
    silence: "Silence",
    silenced: (by) => `Silenced by ${by}`,
    blocked: "Allow sound",
    blockedHint: "The browser lets nothing sound until somebody touches the page.",
    sounding: "Sounding",
  },
});
