import type { SpoolFs } from "./fs.ts";

/** A disk that holds nothing and takes nothing: stands in for one that could not be opened, so that the plant is polled
 *  and its readings go on, unprotected. */
export function deadFs(reason: Error): SpoolFs {
  const fail = (): Promise<never> => Promise.reject(reason);
  return {
    makeFolder: () => Promise.resolve(),
    list: () => Promise.resolve([]),
    create: fail,
    createSynced: fail,
    open: fail,
    rename: fail,
    remove: fail,
    syncFolder: fail,
  };
}
