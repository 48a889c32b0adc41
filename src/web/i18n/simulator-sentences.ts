import type { SIMULATOR_SENTENCES } from "../../domain/simulator-sentences.ts";

/** What the simulators say to people who want something of them that makes no sense, in Spanish. */
export const SIMULATOR_SENTENCES_ES: Readonly<Record<keyof typeof SIMULATOR_SENTENCES, string>> = {
  "simulators-away": "No se llega a los simuladores: ¿están en marcha?",
  "no-fault-running": "No hay ninguna falla {id} en curso.",
  "no-setpoint": "No existe la consigna {setpoint}.",
  "setpoint-range": "{setpoint} admite de {low} a {high}, no {value}.",
  "faults-enough": "Ya hay {most} fallas en curso.",
  "no-fault": "No existe la falla «{fault}». Las que hay son: {known}.",
  "fault-takes-not": "Esta falla no lleva «{field}».",
  "fault-needs-target": "Esta falla necesita un solo objetivo: {targets}.",
  "target-connection": "una conexión",
  "target-device": "un equipo",
  "target-tag": "una señal",
  "fault-of-protocol": "Esta falla es para {protocols}; {target} habla {protocol}.",
  "no-simulated-connection": "No existe la conexión «{name}». Las que hay son: {known}.",
  "no-simulated-device": "No existe el equipo «{name}». Los que hay son: {known}.",
  "no-simulated-tag": "No existe la señal «{name}». Las que hay son: {known}.",
  "no-process": "{plant} se simula con una tabla: no tiene un proceso que esta falla pueda alterar.",
  "no-words": "{tag} no es un número de varios registros.",
  "no-measurement": "{tag} no es una medición que pueda estar un poco mal.",
  "no-total": "{tag} no es un totalizador: tiene rango o no es un número.",
  "no-loop": "{tag} no es la señal de un lazo de corriente.",
};
