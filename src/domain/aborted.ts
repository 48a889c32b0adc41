const actionsOf = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls `action` once when the signal is aborted; the result takes it back. A signal that has been aborted already calls nothing.
 *
 *  For waits that come and go by the thousand under one signal: an event listener costs many times as much to add and to remove as
 *  the rest of a short wait. Here a signal has one, which stays as long as the signal does. So it is not for signals that are made
 *  anew each time out of one that lasts: what `AbortSignal.any` makes is kept by its sources while somebody listens. */
export function whenAborted(signal: AbortSignal, action: () => void): () => void {
  const actions = actionsOf.get(signal) ?? follow(signal);
  const own = (): void => action();
  actions.add(own);
  return () => void actions.delete(own);
}

/** Aborts `controller` with the signal, at once where it has been aborted already; the result takes it back. */
export function abortWith(controller: AbortController, signal: AbortSignal): () => void {
  const forget = whenAborted(signal, () => controller.abort(signal.reason));
  if (signal.aborted) controller.abort(signal.reason);
  return forget;
}

function follow(signal: AbortSignal): Set<() => void> {
  const actions = new Set<() => void>();
  actionsOf.set(signal, actions);
  const tellAll = (): void => {
    for (const action of actions) action();
    actions.clear();
  };
  signal.addEventListener("abort", tellAll, { once: true });
  return actions;
}
