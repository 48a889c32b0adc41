import type { SingleAccess } from "../../src/domain/ports.ts";

/** Of a driver that is only polled. */
export const NO_ACCESS: SingleAccess = {
  read: () => Promise.reject(new Error("nobody reads one tag here")),
  write: () => Promise.reject(new Error("nobody writes here")),
};
