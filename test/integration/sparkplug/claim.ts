import type { RecordedSession } from "./recorded-session.ts";

/** An assertion of the Sparkplug 3.0.0 specification about edge nodes: its id without `tck-id-`, what our edge node does
 *  in our own words, and the proof from a recorded session, which throws where it fails. */
export type Claim = readonly [id: string, does: string, prove: (session: RecordedSession) => void];
