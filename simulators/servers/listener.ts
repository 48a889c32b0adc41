/** Something that listens and can be taken away and brought back at the same place. */
export interface Listener {
  open(): Promise<void>;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
  /** Holds back everything that would be sent, and lets it go again; where the protocol has no faults of its own for that. */
  stall?(isStalled: boolean): void;
}

/** Reads one client's stream. */
export interface StreamReader {
  receive(chunk: Buffer): void;
  close(): void;
}

/** Clients of one server; a further one is turned away. */
export const CLIENTS_MAX = 32;
