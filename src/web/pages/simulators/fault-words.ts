import { FAULTS_IN_SPANISH, SETPOINTS_IN_SPANISH } from "../../i18n/simulator-faults.ts";
import { language } from "../../preferences.ts";

/** What a fault is called in the reader's language. */
export function faultName(fault: string): string {
  const spanish = language.value === "es-PE" ? FAULTS_IN_SPANISH[fault]?.name : undefined;
  return spanish ?? fault.replaceAll("-", " ");
}

/** What a fault does; `meaning` is what the simulators say of it themselves. */
export function faultMeaning(fault: string, meaning: string): string {
  return (language.value === "es-PE" ? FAULTS_IN_SPANISH[fault]?.meaning : undefined) ?? meaning;
}

/** What a setpoint is; `title` is what the simulators call it themselves. */
export function setpointTitle(setpoint: string, title: string): string {
  return (language.value === "es-PE" ? SETPOINTS_IN_SPANISH[setpoint] : undefined) ?? title;
}
