/** What the operating system and the database of the gateway say of a disk or a file, in Spanish. */
const SYSTEM_ES: Readonly<Record<string, string>> = {
  ENOSPC: "no queda espacio en el disco",
  EDQUOT: "se agotó la cuota de disco",
  EIO: "error de lectura o escritura del disco",
  EROFS: "el disco es de solo lectura",
  EACCES: "falta el permiso",
  EPERM: "no está permitido",
  ENOENT: "no existe el archivo o la carpeta",
  ENOTDIR: "una parte de la ruta no es una carpeta",
  EISDIR: "es una carpeta, no un archivo",
  EMFILE: "hay demasiados archivos abiertos",
};

const DATABASE_ES: Readonly<Record<string, string>> = {
  "database or disk is full": "el disco está lleno",
  "disk I/O error": "error de lectura o escritura del disco",
  "attempt to write a readonly database": "el archivo es de solo lectura",
  "unable to open database file": "no se puede abrir el archivo",
  "database disk image is malformed": "el archivo está dañado",
  "file is not a database": "el archivo no es una base de datos",
};

const CODED = /^(?<code>E[A-Z]+): [^,]*(?:, (?<call>.*))?$/u;

/** A text of the system in Spanish, with the code and the file that it names; null for one that is not known here. */
export function spanishOfSystem(text: string): string | null {
  const { code = "", call } = CODED.exec(text)?.groups ?? {};
  const said = SYSTEM_ES[code];
  if (said !== undefined) return `${said} (${call === undefined ? code : `${code}, ${call}`})`;
  return DATABASE_ES[text] ?? null;
}
