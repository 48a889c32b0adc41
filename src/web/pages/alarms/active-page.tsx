import { computed, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { AlarmPriority } from "../../../domain/alarm.ts";
import { alarms, annunciation, isStanding, isUnacknowledged } from "../../alarm-store.ts";
import { ask } from "../../api.ts";
import type { AlarmAnswer, AnnunciationAnswer } from "../../api.ts";
import { formatCount } from "../../format.ts";
import { alarmWords } from "../../i18n/alarms.ts";
import { words } from "../../preferences.ts";
import { place } from "../../router.ts";
import { may } from "../../session.ts";
import { acknowledgeAll } from "./alarm-actions.ts";
import { AlarmDetail } from "./alarm-detail.tsx";
import { AlarmFilters } from "./alarm-filters.tsx";
import { inGroups, inOrder, matches } from "./alarm-list.ts";
import type { AlarmFilter, AlarmGroup } from "./alarm-list.ts";
import { AlarmHead, AlarmRow } from "./alarm-row.tsx";
import { areaText } from "./alarm-text.ts";
import { AlarmsFrame } from "./frame.tsx";
import { PriorityMark } from "../../widgets/priority-mark.tsx";

/** What is acknowledged at once must be in sight at once. */
const PAGE_ROWS = 40;
const ANNUNCIATION_MS = 10_000;

const filter = signal<AlarmFilter>({ area: null, priority: null, isUnacknowledged: null });
const pageIndex = signal(0);
const chosen = signal<string | null>(null);

const standing = computed(() => [...alarms.value.values()].filter(isStanding));
const shown = computed(() => standing.value.filter((alarm) => matches(alarm, filter.value)));

function choose(alarm: string): void {
  chosen.value = alarm;
}

function Rows({ rows }: { readonly rows: readonly AlarmAnswer[] }) {
  return (
    <tbody>
      {rows.map((alarm) => (
        <AlarmRow key={alarm.alarm} alarm={alarm} isChosen={chosen.value === alarm.alarm} onChoose={choose} />
      ))}
    </tbody>
  );
}

function AlarmTable({ rows }: { readonly rows: readonly AlarmAnswer[] }) {
  const { list } = alarmWords.value;
  return (
    <div class="table-frame" tabIndex={0} role="group" aria-label={list}>
      <table class="table alarm-table" aria-label={list}>
        <AlarmHead />
        <Rows rows={rows} />
      </table>
    </div>
  );
}

interface GroupTitleProps {
  readonly group: AlarmGroup;
  readonly isOpen: boolean;
}

/** Closed, it names the gravest alarm in it, so that nobody has to open all groups to find the cause. */
function GroupTitle({ group: { area, cause, alarms: members }, isOpen }: GroupTitleProps) {
  const { gravest, otherCauses, groupCount } = alarmWords.value;
  const open = members.filter(({ state }) => state === "UNACK" || state === "RTNUN" || state === "LATCH_UN");
  const count = (number: number): string => formatCount(number, words.value);
  return (
    <>
      <strong>{area === null ? gravest : areaText(area)}</strong>
      {area !== null && ` · ${cause ?? otherCauses}`}{" "}
      <span class="quiet">{groupCount(count(members.length), count(open.length))}</span>
      {area !== null && !isOpen && members[0] !== undefined && (
        <span class="alarm-group-gravest">
          <PriorityMark priority={members[0].priority} isFilled={isUnacknowledged(members[0])} />{" "}
          {members[0].title}
        </span>
      )}
    </>
  );
}

/** Groups that somebody looks into; the gravest are open by themselves. */
const opened = signal<ReadonlySet<string>>(new Set(["gravest"]));

function note(key: string, isOpen: boolean): void {
  if (opened.peek().has(key) === isOpen) return;
  const next = new Set(opened.peek());
  if (isOpen) next.add(key);
  else next.delete(key);
  opened.value = next;
}

/** A closed group says how many it holds, and an open one shows every one of them. */
function Groups({ groups }: { readonly groups: readonly AlarmGroup[] }) {
  return (
    <>
      {groups.map((group) => (
        <details
          key={group.key}
          class="panel alarm-group"
          open={opened.value.has(group.key)}
          onToggle={({ currentTarget }) => note(group.key, currentTarget.open)}
        >
          <summary>
            <GroupTitle group={group} isOpen={opened.value.has(group.key)} />
          </summary>
          {opened.value.has(group.key) && (
            <>
              <AlarmTable rows={group.alarms} />
              <Acknowledge rows={group.alarms} />
            </>
          )}
        </details>
      ))}
    </>
  );
}

/** All that is in sight at once. */
function Acknowledge({ rows }: { readonly rows: readonly AlarmAnswer[] }) {
  if (!may("operator") || !rows.some(isUnacknowledged)) return null;
  return (
    <button
      type="button"
      class="chip alarm-all"
      onClick={() => void acknowledgeAll(rows.map(({ alarm }) => alarm))}
    >
      {alarmWords.value.acknowledgePage}
    </button>
  );
}

function FloodBanner() {
  const { flood, floodHint } = alarmWords.value;
  return (
    <p class="panel alarm-flood" role="status">
      <strong>{flood(formatCount(annunciation.value.lastTenMinutes, words.value))}</strong> {floodHint}
    </p>
  );
}

function Pages({
  rows,
  from,
  all,
}: {
  readonly rows: readonly AlarmAnswer[];
  readonly from: number;
  readonly all: number;
}) {
  const { page, next, previous } = alarmWords.value;
  const count = (number: number): string => formatCount(number, words.value);
  const step = (by: number) => () => void (pageIndex.value += by);
  return (
    <div class="chips alarm-pages">
      <Acknowledge rows={rows} />
      {all > PAGE_ROWS && (
        <>
          <button type="button" class="chip" disabled={from === 0} onClick={step(-1)}>
            {previous}
          </button>
          <span>{page(count(from + 1), count(from + rows.length))}</span>
          <button type="button" class="chip" disabled={from + rows.length >= all} onClick={step(1)}>
            {next}
          </button>
        </>
      )}
    </div>
  );
}

function List() {
  const { none, noneFiltered } = alarmWords.value;
  const sorted = inOrder(shown.value);
  if (sorted.length === 0)
    return <p class="panel quiet">{standing.value.length === 0 ? none : noneFiltered}</p>;
  const last = Math.max(0, Math.ceil(sorted.length / PAGE_ROWS) - 1);
  const from = Math.min(pageIndex.value, last) * PAGE_ROWS;
  const rows = sorted.slice(from, from + PAGE_ROWS);
  if (annunciation.value.isFlood) return <Groups groups={inGroups(shown.value)} />;
  return (
    <>
      <div class="panel">
        <AlarmTable rows={rows} />
      </div>
      <Pages rows={rows} from={from} all={sorted.length} />
    </>
  );
}

/** A flood ebbs without any alarm that would tell it. */
function followFlood(): () => void {
  const timer = setInterval(() => {
    if (!annunciation.peek().isFlood) return;
    ask<AnnunciationAnswer>("/api/v1/alarms/annunciation").then(
      (next) => void (annunciation.value = next),
      () => undefined, // the banner tells of a gateway that is away
    );
  }, ANNUNCIATION_MS);
  return () => clearInterval(timer);
}

/** What stands now, the gravest on top; what the chosen one means stays beside the list. */
export function ActivePage() {
  const { count, choose: hint } = alarmWords.value;
  const { search } = place.value;
  const named = search.get("alarm");
  useEffect(followFlood, []);
  useEffect(() => {
    if (named !== null) chosen.value = named;
    const priority = Number(search.get("priority"));
    if (priority >= 1 && priority <= 4)
      filter.value = { ...filter.peek(), priority: priority as AlarmPriority };
  }, [search]);
  const alarm = alarms.value.get(chosen.value ?? "");
  const [some, all] = [shown.value.length, standing.value.length].map((one) => formatCount(one, words.value));
  return (
    <AlarmsFrame part="active">
      <div class="alarm-head">
        <AlarmFilters filter={filter} />
        <strong class="alarm-count" role="status">
          {count(some ?? "", all ?? "")}
        </strong>
      </div>
      {annunciation.value.isFlood && <FloodBanner />}
      {alarm === undefined ? (
        <p class="panel quiet alarm-hint">{hint}</p>
      ) : (
        <AlarmDetail key={alarm.alarm} alarm={alarm} />
      )}
      <List />
    </AlarmsFrame>
  );
}
