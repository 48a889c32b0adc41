import type { Caller, People } from "../domain/people.ts";
import type { LiveClient } from "./live-client.ts";
import { CloseCode } from "./live-request.ts";

/** Whose the live sockets are: a socket lives no longer than the session or token by which it was let in. */
export interface LiveCallers {
  admit(client: LiveClient, caller: Caller): void;
  /** Tells the client who it is, if it asked for that. */
  introduce(client: LiveClient): void;
  /** Once a second: tells the client what has changed of who it is. Gives the reason to disconnect, if there is one. */
  review(client: LiveClient): readonly [closeCode: number, sentence: string] | null;
  /** Sockets open for the name of this caller. */
  socketsOf(caller: Caller): number;
}

export function createLiveCallers(people: People | null): LiveCallers {
  const callers = new Map<LiveClient, Caller>();
  return {
    admit(client, caller) {
      callers.set(client, caller);
      client.socket.once("close", () => callers.delete(client));
    },
    introduce(client) {
      const caller = callers.get(client);
      if (caller !== undefined) client.tellCaller(caller);
    },
    review(client) {
      const before = callers.get(client);
      if (before === undefined || people === null) return null;
      const now = people.door.recall(before);
      if (now === null) return [CloseCode.policyViolation, "Signed out."];
      callers.set(client, now);
      if (now.role !== before.role || now.isLocked !== before.isLocked) client.tellCaller(now);
      return null;
    },
    socketsOf: ({ name, kind }) =>
      [...callers.values()].filter((caller) => caller.name === name && caller.kind === kind).length,
  };
}
