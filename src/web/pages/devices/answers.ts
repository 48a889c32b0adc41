import type { ToldAnswer } from "../../told.ts";
import type { LinkCounters } from "../../../domain/health.ts";

export interface LineAnswer {
  readonly connection: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly connected: boolean;
  readonly counters: Readonly<LinkCounters>;
}

export interface GatewayAnswer {
  readonly version: string;
  readonly uptimeS: number;
  readonly memoryBytes: number;
  readonly eventLoopDelayP99Ms: number;
  readonly liveClients: number;
  readonly spool: {
    readonly protected: boolean;
    readonly unsynced: number;
    readonly bytes: number;
    readonly bytesMax: number;
    readonly hoursLeft: number | null;
    readonly oldest: string | null;
    readonly damagedBlocks: number;
    readonly syncMs: number | null;
  };
  readonly history: {
    readonly days: number;
    readonly databaseBytes: number;
    readonly dropped: number;
    readonly lastError: string | null;
    readonly lastSaid: ToldAnswer | null;
  };
  readonly journalTrouble: string | null;
}
