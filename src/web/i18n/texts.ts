import { computed } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { language } from "../preferences.ts";

/** The texts of one page, in the language that is chosen now. Spanish says what there is; a language that lacks one of
 *  them does not compile. */
export function texts<T>(all: { readonly "es-PE": T; readonly en: NoInfer<T> }): ReadonlySignal<T> {
  return computed(() => all[language.value]);
}
