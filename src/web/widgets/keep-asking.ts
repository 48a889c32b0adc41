/** An answer that does not come within its time, or not at all, is asked for again after this, ms. */
const AGAIN_MS = 1_000;

/** Asks until there is an answer, or until the function that it returns has been called: then nobody wants it any more. */
export function keepAsking<T>(ask: () => Promise<T>, take: (answer: T) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isWanted = true;
  const attempt = (): void => {
    void ask().then(
      (answer) => isWanted && take(answer),
      () => {
        if (isWanted) timer = setTimeout(attempt, AGAIN_MS);
      },
    );
  };
  attempt();
  return () => {
    isWanted = false;
    clearTimeout(timer);
  };
}
