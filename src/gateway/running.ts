/** Something that goes on until it is ended. */
export interface Running {
  readonly done: Promise<unknown>;
  /** Resolves when it has ended. */
  end(): Promise<void>;
}

export function begin(run: (signal: AbortSignal) => Promise<unknown>): Running {
  const controller = new AbortController();
  const done = run(controller.signal);
  return {
    done,
    async end() {
      controller.abort();
      await done;
    },
  };
}
