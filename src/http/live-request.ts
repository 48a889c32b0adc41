/** Why a live socket is closed: RFC 6455, 7.4.1; 1013 from IANA's registry of close codes. */
export const CloseCode = {
  goingAway: 1001,
  unreadable: 1007,
  policyViolation: 1008,
  tryAgainLater: 1013,
} as const;

/** What a client of the live socket asks for. */
export interface LiveRequest {
  readonly subscribe: "*" | readonly string[];
  /** Send the plant's time every second, so that the client sees a dead gateway soon and knows how old values are. */
  readonly time: boolean;
  /** Send how alarms stand, and their changes. */
  readonly alarms: boolean;
  /** Send who the client is, and each change of it: another role, locked, unlocked. */
  readonly session: boolean;
}

/** Why a message is not understood, as close code and sentence of at most 123 bytes. */
export interface LiveRefusal {
  readonly closeCode: 1007 | 1008;
  readonly sentence: string;
}

/** What may be asked for besides readings. */
const EXTRAS = ["time", "alarms", "session"] as const;

/** Tag names in one subscription; beyond it "*" is meant. */
export const SUBSCRIBED_TAGS_MAX = 5000;

function refused(closeCode: 1007 | 1008, sentence: string): LiveRefusal {
  return { closeCode, sentence };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isTagList(subscribe: unknown): subscribe is string[] {
  return Array.isArray(subscribe) && subscribe.every((tag) => typeof tag === "string");
}

/** Reads `{"subscribe": ["FT-207", …] | "*", "time": true, "alarms": true, "session": true}`. Other keys are for later versions and are
 *  passed over. */
export function readLiveRequest(text: string): LiveRequest | LiveRefusal {
  const message = parsed(text);
  if (message === undefined) return refused(CloseCode.unreadable, "The message is not JSON.");
  if (typeof message !== "object" || message === null || !Object.hasOwn(message, "subscribe"))
    return refused(CloseCode.policyViolation, 'Send {"subscribe": ["TAG", ...]} or {"subscribe": "*"}.');
  const { subscribe, ...rest } = message as Record<string, unknown>;
  const wrong = EXTRAS.find((name) => !["boolean", "undefined"].includes(typeof rest[name]));
  if (wrong !== undefined) return refused(CloseCode.policyViolation, `"${wrong}" is true or false.`);
  const extras = Object.fromEntries(EXTRAS.map((name) => [name, rest[name] === true]));
  return readSubscription(subscribe, extras as Omit<LiveRequest, "subscribe">);
}

function readSubscription(
  subscribe: unknown,
  extras: Omit<LiveRequest, "subscribe">,
): LiveRequest | LiveRefusal {
  if (subscribe === "*") return { subscribe, ...extras };
  if (!isTagList(subscribe))
    return refused(CloseCode.policyViolation, '"subscribe" is "*" or a list of tag names.');
  if (subscribe.length > SUBSCRIBED_TAGS_MAX)
    return refused(
      CloseCode.policyViolation,
      `At most ${SUBSCRIBED_TAGS_MAX} tags can be listed; "*" is all.`,
    );
  return { subscribe, ...extras };
}
