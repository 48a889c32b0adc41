import type { Device, Plant } from "../../config/plant.ts";
import type { Tag } from "../../domain/tag.ts";
import { watchedCertificates } from "../certificate-ends.ts";
import type { AlarmDraft } from "./alarm-draft.ts";

/** Instruments and devices that come back by themselves within this time are no news, ms. */
const DIAGNOSTIC_DELAY_MS = 30_000;
const LINK_DELAY_MS = 15_000;

const DIAGNOSTIC = {
  key: "",
  limit: null,
  band: null,
  reference: null,
  deadband: 0,
  onDelayMs: 0,
  offDelayMs: 0,
  reAlarmMs: null,
  priority: 4,
  latch: false,
  group: null,
  follows: false,
  when: [],
  timeToRespondMs: null,
} as const satisfies Partial<AlarmDraft>;

/** For each tag that an alarm is on, that it cannot be read: then its alarms stand still. While the whole device does not
 *  answer, that is the alarm. */
export function diagnosticsOf({ alarms = [], tags }: Plant): AlarmDraft[] {
  const byId = new Map(tags.map((tag) => [tag.id, tag]));
  const watched = new Set(
    alarms.flatMap(({ on, type }) =>
      on.from === "tag" && type !== "bad" && type !== "still" ? [on.id] : [],
    ),
  );
  return [...watched].map((id) => diagnosticOf(byId.get(id) as Tag));
}

function diagnosticOf({ id, title, area, device }: Tag): AlarmDraft {
  return {
    ...DIAGNOSTIC,
    id: `${id}.BAD`,
    title: `${title} cannot be read`,
    area,
    on: { from: "tag", id },
    type: "bad",
    onDelayMs: DIAGNOSTIC_DELAY_MS,
    unlessOffline: device,
    consequence: "The alarms on this instrument stand still and say nothing new",
    response: "Measure by hand, call an instrument technician",
  };
}

interface Own {
  readonly id: string;
  readonly title: string;
  readonly consequence: string;
  readonly response: string;
  readonly delayMs: number;
  readonly latch: boolean;
}

/** What the stores and the files of the plant have an operator called for. The names are those of `self` sources. */
const STORES: readonly Own[] = [
  {
    id: "stalled",
    title: "A connection stood still and was made anew",
    consequence: "Its readings of the last minutes are missing or came late",
    response: "Look at the log for which one; if it comes back, report it to who maintains the gateway",
    delayMs: 0,
    latch: true,
  },
  {
    id: "configuration-refused",
    title: "The changed plant file is not used",
    consequence: "The gateway goes on as it was, and would not start again",
    response: "Correct the file; the log and the configuration page say what is wrong",
    delayMs: 0,
    latch: false,
  },
  {
    id: "spool-unprotected",
    title: "Readings are not on disk before they go out",
    consequence: "Readings that an output cannot take now are lost at a power cut",
    response: "Free or replace the disk of the gateway",
    delayMs: 0,
    latch: false,
  },
  {
    id: "spool-damaged",
    title: "A damaged block was found among the waiting readings",
    consequence: "The readings in it are lost to the outputs; more may follow",
    response: "Look at the disk of the gateway, then reset",
    delayMs: 0,
    latch: true,
  },
  {
    id: "spool-full",
    title: "No room for waiting readings: the oldest are dropped",
    consequence: "A gap in the databases that the outputs feed",
    response: "Bring the output back or give the spool more room, then reset",
    delayMs: 0,
    latch: true,
  },
];

/** Alarms that every gateway has: its stores, its outputs, its devices and its certificates. */
export function ownAlarms(plant: Plant): AlarmDraft[] {
  const { outputs, devices, alarms = [] } = plant;
  const watched = new Set(alarms.flatMap(({ on }) => (on.from === "device" ? [on.id] : [])));
  return [
    ...STORES.map((own) => ownAlarm(own)),
    ...outputs.map(({ id }) =>
      ownAlarm({
        id: `output-${id}`,
        title: `Output ${id} takes no readings`,
        consequence: "Readings wait on disk; others do not see the plant",
        response: "Look at the network and at the broker or database",
        delayMs: LINK_DELAY_MS,
        latch: false,
      }),
    ),
    ...devices.filter(({ id }) => !watched.has(id)).map(deviceAlarm),
    ...watchedCertificates(plant).map(({ id, owner, from }) =>
      ownAlarm({
        id: `certificate-${id}`,
        title: `${owner}: its certificate ends within 30 days or has ended`,
        consequence: "Nobody who checks it talks to its owner once it has ended",
        response:
          "file" in from
            ? "Have another one issued and put it in the place of the file"
            : "Have the server given another one, then approve it on the page of the devices",
        delayMs: 0,
        latch: false,
      }),
    ),
  ];
}

function deviceAlarm({ id, title, area }: Device): AlarmDraft {
  return {
    ...DIAGNOSTIC,
    id: `gateway.device-${id}`,
    title: `${title} does not answer`,
    area,
    on: { from: "device", id },
    type: "offline",
    onDelayMs: LINK_DELAY_MS,
    consequence: "Nothing is known of what it measures",
    response: "Look at the communication, use the local panel",
  };
}

function ownAlarm({ id, title, consequence, response, delayMs, latch }: Own): AlarmDraft {
  return {
    ...DIAGNOSTIC,
    id: `gateway.${id}`,
    title,
    area: "",
    on: { from: "self", id },
    type: "on",
    onDelayMs: delayMs,
    latch,
    consequence,
    response,
  };
}
