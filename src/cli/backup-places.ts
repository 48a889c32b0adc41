import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { certificateFiles } from "../config/configuration.ts";
import type { Configuration } from "../config/configuration.ts";

/** What a plant file names and what lies outside the data folder: certificates, keys, files of secrets. */
export function filesBeside({ plant, secrets }: Configuration): readonly string[] {
  const named = new Set([...certificateFiles(plant), ...secrets.files]);
  return [...named].filter((path) => !isBelow(path, plant.data.dir));
}

/** The name within a backup of a file that the plant file names: `beside/…` for one below its folder, which goes back there;
 *  `elsewhere/…` for others, which a person puts back. */
export function nameBeside(path: string, plantFile: string): string {
  const folder = dirname(plantFile);
  return isBelow(path, folder)
    ? `beside/${relative(folder, path).split(sep).join("/")}`
    : `elsewhere/${path.replace(/^[/\\]+/u, "")}`;
}

/** Where a file of a backup goes: the configuration around the plant file, the data where the plant file has its data folder. */
export function placesAround(plantFile: string, dataDir: string) {
  const folder = dirname(resolve(plantFile));
  const data = resolve(folder, dataDir);
  return {
    data,
    placeOf: (name: string): string => {
      const [kind = "", ...rest] = name.split("/");
      const path = join(...rest);
      if (kind === "data") return join(data, path);
      if (kind === "elsewhere") return join(folder, kind, path);
      if (kind === "configuration" && rest.length === 1) return resolve(plantFile);
      return join(folder, path);
    },
  };
}

export function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== "" && !way.startsWith("..") && !isAbsolute(way);
}
