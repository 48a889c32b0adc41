const NAME = /^[\p{L}\p{N}][\p{L}\p{N}\p{M} ._'@-]{0,63}$/u;
/** Names that the gateway itself gives. */
const TAKEN: ReadonlySet<string> = new Set([
  "local engineer",
  "command line",
  "unknown",
  "gateway",
  "nobody",
]);

/** The name as it is kept and shown. */
export function tidyName(name: string): string {
  return name.normalize("NFC").trim().replace(/ +/g, " ");
}

/** Names that differ only in capitals or in the form of their letters are one. */
export function nameKey(name: string): string {
  return tidyName(name).normalize("NFKC").toLowerCase();
}

/** What is wrong with a name for a person or a program; null when it will do. */
export function nameFault(name: string): string | null {
  if (!NAME.test(tidyName(name)))
    return "A name has 1 to 64 letters, digits, spaces and . _ ' @ - and begins with a letter or a digit.";
  return TAKEN.has(nameKey(name)) ? `The gateway calls itself "${name}".` : null;
}
