import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { sep } from "node:path";
import { shippedDevices } from "../../config/find-profile.ts";
import type { ConfigurationFault, ConfigurationFile } from "../../domain/configuration.ts";
import { say } from "../../domain/said.ts";

interface Written {
  /** Puts what was there before in its place again. */
  undo(): void;
}

/** Writes files back to where they were read from; those that are as they should be are left alone. All or none: what cannot be
 *  written is told with what to do instead. */
export function writeBack(
  files: readonly ConfigurationFile[],
  present: readonly ConfigurationFile[],
): Written | { readonly faults: readonly ConfigurationFault[] } {
  const plant = present.find(({ kind }) => kind === "plant")?.path;
  const wanted = files
    .map((file) => (file.kind === "plant" && plant !== undefined ? { ...file, path: plant } : file))
    .filter(({ path, text }) => textAt(path) !== text);
  const shipped = shippedDevices();
  const fixed = wanted.filter(({ path }) => shipped !== null && path.startsWith(shipped + sep));
  if (fixed.length > 0)
    return {
      faults: fixed.map(({ name }) => ({
        place: null,
        told: say("profile-of-gateway", { file: name }),
      })),
    };
  const before = wanted.map(({ path }) => ({ path, text: textAt(path) }));
  const undo = (): void => {
    for (const { path, text } of before)
      if (text === null) rmSync(path, { force: true });
      else if (textAt(path) !== text) replace(path, text);
  };
  for (const { path, text } of wanted) {
    try {
      replace(path, text);
    } catch (error) {
      undo();
      const told = say("file-unwritten", { file: path, why: (error as Error).message });
      return { faults: [{ place: null, told }] };
    }
  }
  return { undo };
}

function textAt(path: string): string | null {
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}

/** Whole or not at all, under the permissions that it had. */
function replace(path: string, text: string): void {
  const mode = existsSync(path) ? statSync(path).mode & 0o777 : 0o640;
  const draft = `${path}.new`;
  try {
    writeFileSync(draft, text, { mode, flush: true });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
