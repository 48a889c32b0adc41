import type { REQUEST_SENTENCES } from "../../domain/request-sentences.ts";

/** What the gateway says of a request that it does not answer as it stands, in Spanish. */
export const REQUEST_SENTENCES_ES: Readonly<Record<keyof typeof REQUEST_SENTENCES, string>> = {
  "nothing-here": "No hay nada en esta dirección.",
  "method-impossible": "{method} no es posible en esta dirección.",
  "disk-full": "El disco del gateway está lleno: lo pedido no se pudo guardar, y no se cambió nada.",
  "from-before-to": "El inicio tiene que ser anterior al fin.",
  "history-days": "La historia se guarda {days} días: no pida más que eso de una vez.",
  "time-unread":
    "{name}={text} no es una hora: escriba 2026-11-22T12:00:00Z, 2026-11-22T07:00:00-05:00 o milisegundos desde 1970.",
  "no-balance": "No hay cifras de ese periodo que balancear.",
  "no-certificate": "No hay un certificado con la huella {thumbprint}.",
  "no-equipment": "No existe el equipo {name}.",
  "no-mimic": "No se ha nombrado ningún equipo del área {area}.",
  "history-unread": "La historia no se puede leer ahora.",
  "no-metric": "No existe la cifra {name}.",
  "metric-not-told": "{name} no se calcula por {period}; sí por {known}.",
  "newest-only": "Del periodo {period} solo se conoce lo más reciente; quite from y to.",
  "no-bill": "Este gateway no se empaquetó, por eso no tiene lista.",
  "not-ready": "Todavía se esperan las primeras lecturas de algunos equipos.",
  "files-enough": "Se envían {most} archivos a la vez como máximo.",
  "no-tag": "No existe la señal {name}.",
  "tags-unnamed": "Hay que nombrar al menos una señal.",
  "tags-enough": "Se pueden pedir {most} señales a la vez como máximo.",
  "csv-wanted": "Envíe el archivo como text/csv.",
  "page-unbuilt": "La página todavía no está construida: ejecute `npm run prepare`.",
  "program-without-password": "Un programa tiene un token y no una contraseña.",
};
