import type { OUTPUT_SENTENCES } from "../../domain/output-sentences.ts";

/** What the gateway says of links to devices and sinks that it has ended or has to wait for, in Spanish. */
export const OUTPUT_SENTENCES_ES: Readonly<Record<keyof typeof OUTPUT_SENTENCES, string>> = {
  "connecting-again": "conectando de nuevo",
  "driver-closed": "el enlace está cerrado",
  "output-closed": "Esta salida está cerrada.",
  "connection-replaced": "Una conexión nueva reemplaza a esta.",
  "connecting-given-up": "Se desistió de conectar.",
  "pem-of-output": "No se puede leer el archivo {file} para TLS: {why}.",
  "database-unmade": "La base de datos {database} no existe y no se puede crear: {why}",
  "database-unfound": "{host} no encuentra la base de datos que acaba de crear: {why}",
  "ping-answered": "{host} responde {status} a un ping.",
  "broker-busy": "El broker MQTT no puede aceptar mensajes ahora (motivo 0x{reason}).",
  "subscribing-failed": "No se logró la suscripción en el broker MQTT: {why}.",
  "primary-host-absent": "El host primario no está en este broker.",
  "primary-host-offline": "El host primario está fuera de línea en este broker.",
  "primary-host-gone": "El host primario salió de línea.",
};
