import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Profiles are looked for beside the plant file, in the folder next to it, and among the shipped ones, in this order. */
export function profileFolders(plantFile: string): readonly string[] {
  const folder = dirname(plantFile);
  const devices = shippedDevices();
  const shipped = devices === null ? null : join(devices, "profiles");
  const folders = [join(folder, "profiles"), join(folder, "..", "profiles")];
  return shipped === null || folders.includes(shipped) ? folders : [...folders, shipped];
}

export function findProfile(name: string, folders: readonly string[]): string | null {
  for (const folder of folders)
    for (const ending of ["yaml", "yml"]) {
      const file = join(folder, `${name}.${ending}`);
      if (existsSync(file)) return file;
    }
  return null;
}

/** Names of all the profiles that could be found, for a suggestion. */
export function profileNames(folders: readonly string[]): readonly string[] {
  const files = folders.filter((folder) => existsSync(folder)).flatMap((folder) => readdirSync(folder));
  return [
    ...new Set(files.filter((file) => /[.]ya?ml$/u.test(file)).map((file) => file.replace(/[.]ya?ml$/u, ""))),
  ];
}

/** `devices` of this package. Its root is found by package.json, because a packed copy runs from a folder of its own. */
export function shippedDevices(): string | null {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    const above = dirname(folder);
    if (above === folder) return null;
    folder = above;
  }
  return join(folder, "devices");
}
