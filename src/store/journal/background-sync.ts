import { open, stat } from "node:fs/promises";

/** Length of the write-ahead log, bytes, from which on it is worked into the database after a sync. */
const CHECKPOINT_BYTES = 4 * 1024 * 1024;

/** Brings a write-ahead log to the disk outside of this thread. */
export interface BackgroundSync {
  /** Something was written: it is synced now, or right after the sync that is under way. */
  ask(): void;
  stop(): void;
}

/** `checkpoint` works the log into the database. It syncs in the thread that calls it, so it is left until a sync of the log
 *  has shown that the disk is well. A sync that fails is repeated with the next thing that is written. */
export function createBackgroundSync(logFile: string, checkpoint: () => void): BackgroundSync {
  let isAsked = false;
  let isUnderWay = false;
  let isStopped = false;

  async function sync(): Promise<void> {
    const log = await open(logFile, "r+");
    try {
      await log.datasync();
    } finally {
      await log.close();
    }
    const { size } = await stat(logFile);
    if (size > CHECKPOINT_BYTES && !isStopped) checkpoint();
  }

  async function syncWhatIsAsked(): Promise<void> {
    isUnderWay = true;
    isAsked = false;
    // What the disk does not take is told by the spool; the log itself is whole in the system's memory.
    await sync().catch(() => undefined);
    isUnderWay = false;
    if (isAsked) ask();
  }

  function ask(): void {
    isAsked = true;
    if (!isUnderWay && !isStopped) void syncWhatIsAsked();
  }

  return {
    ask,
    stop() {
      isStopped = true;
    },
  };
}
