import { copyBatch } from "../domain/batch.ts";
import type { Poll, PollGroup } from "../domain/ports.ts";
import type { Tag } from "../domain/tag.ts";
import type { Pipeline } from "./pipeline.ts";

/** Polls that wait while the pipeline behind is being changed; beyond it the oldest are given up. */
const WAITING_POLLS_MAX = 20_000;

type Way = Pick<Pipeline, "accept" | "lose">;

/** Where a link puts its polls. What is behind may be changed while the link goes on: polls wait meanwhile, and the tags that
 *  the link knows by their old numbers come out under their new ones. */
export interface Inlet extends Way {
  /** From now on polls wait. */
  hold(): void;
  /** `tagOf` gives each of the link's tags as the pipeline has it. Those that wait go in first, in order. */
  open(way: Way, tagOf: (tag: Tag) => Tag): void;
}

export function createInlet(): Inlet {
  let forward: Way | null = null;
  let waiting: ((way: Way) => void)[] = [];

  function wait(action: (way: Way) => void): void {
    if (waiting.length >= WAITING_POLLS_MAX) waiting.shift();
    waiting.push(action);
  }

  return {
    accept(poll, group) {
      if (forward !== null) return forward.accept(poll, group);
      const kept = { ...poll, batch: copyBatch(poll.batch) };
      wait((way) => way.accept(kept, group));
    },
    lose(group) {
      if (forward === null) wait((way) => way.lose(group));
      else forward.lose(group);
    },
    hold: () => void (forward = null),
    open(way, tagOf) {
      const next = translated(way, tagOf);
      forward = next;
      for (const action of waiting) action(next);
      waiting = [];
    },
  };
}

function translated(way: Way, tagOf: (tag: Tag) => Tag): Way {
  const groups = new Map<
    PollGroup,
    { readonly group: PollGroup; readonly indexes: Map<number, number> | null }
  >();
  const known = (group: PollGroup) => {
    const found = groups.get(group);
    if (found !== undefined) return found;
    const tags = group.tags.map(tagOf);
    const isMoved = group.tags.some(({ index }, at) => tags[at]?.index !== index);
    const indexes = isMoved
      ? new Map(group.tags.map((tag, at) => [tag.index, (tags[at] as Tag).index]))
      : null;
    const made = { group: { ...group, tags }, indexes };
    groups.set(group, made);
    return made;
  };
  return {
    accept(poll, group) {
      const { group: now, indexes } = known(group);
      way.accept(indexes === null ? poll : renumbered(poll, indexes), now);
    },
    lose: (group) => way.lose(known(group).group),
  };
}

/** The batch is the driver's own memory, which counts on its numbers. */
function renumbered(poll: Poll, indexes: ReadonlyMap<number, number>): Poll {
  const batch = copyBatch(poll.batch);
  for (let row = 0; row < batch.length; row++)
    batch.tag[row] = indexes.get(batch.tag[row] as number) as number;
  return { ...poll, batch };
}
