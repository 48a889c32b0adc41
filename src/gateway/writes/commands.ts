import type { Tag } from "../../domain/tag.ts";
import type { Clock, EpochMs } from "../../domain/time.ts";
import type { TagCommand } from "../../domain/write.ts";

/** A command that has been on its way for longer is one that somebody kept. */
const AGE_MS_MAX = 5_000;

/** Whether a command from a broker is fresh and new: what the guard cannot know. */
export interface CommandJudge {
  /** A sentence; null when there is nothing against it. */
  faultOf(command: TagCommand): string | null;
  /** It was carried out: none for this tag that is not newer will be. */
  taken(command: TagCommand): void;
}

export function commandJudge(tags: readonly Tag[], clock: Clock): CommandJudge {
  const last = new Map<number, EpochMs>();
  return {
    faultOf({ fault, tag, device, sentAt, value }) {
      if (fault !== null) return fault;
      if (tag === null || tags[tag] === undefined) return "There is no such metric.";
      if (tags[tag].device !== device) return `${tags[tag].id} is no metric of ${device}.`;
      if (value === null) return "The value is of another type than the metric.";
      if (sentAt === null) return "The command does not say when it was sent.";
      if (Math.abs(clock.now() - sentAt) > AGE_MS_MAX)
        return "The command is too old, or its clock is wrong.";
      if (sentAt <= (last.get(tag) ?? -Infinity)) return "The command is no newer than the last one.";
      return null;
    },
    taken({ tag, sentAt }) {
      if (tag !== null && sentAt !== null) last.set(tag, sentAt);
    },
  };
}
