import type { MetricPeriod } from "../domain/metric.ts";
import { say } from "../domain/said.ts";
import type { SentenceCode } from "../domain/said.ts";
import { nearest, suggesting } from "../domain/spelling.ts";
import type { EquipmentEntry } from "./page-schema.ts";
import { faultInPlant } from "./plant-draft.ts";
import type { PlantDraft } from "./plant-draft.ts";
import type { Path } from "./source-file.ts";

/** Equipment and overview: every tag, metric and piece of equipment that they name is one of the plant, and no two pieces
 *  stand at the same place of a drawing. */
export function checkPages(draft: PlantDraft): void {
  const tags = new Set(draft.instances.map(({ id }) => id));
  const equipment = Object.entries(draft.equipment ?? {});
  const ids = new Set(equipment.map(([id]) => id));
  for (const [id, entry] of equipment) checkEquipment(draft, tags, ids, id, entry);
  checkPlaces(draft, equipment);
  checkOverview(draft, tags);
}

type Lack = Extract<SentenceCode, `plant-no-${string}`>;

function lacks(draft: PlantDraft, path: Path, code: Lack, name: string, known: ReadonlySet<string>): void {
  faultInPlant(draft, path, suggesting(say(code, { name }), nearest(name, known)));
}

function checkEquipment(
  draft: PlantDraft,
  tags: ReadonlySet<string>,
  ids: ReadonlySet<string>,
  id: string,
  { running, tags: own = [], to = [] }: Partial<EquipmentEntry>,
): void {
  const path = ["equipment", id];
  if (running !== undefined && !tags.has(running))
    lacks(draft, [...path, "running"], "plant-no-tag", running, tags);
  checkNames(draft, [...path, "tags"], "plant-no-tag", own, tags);
  checkNames(draft, [...path, "to"], "plant-no-equipment", to, ids);
}

function checkPlaces(draft: PlantDraft, equipment: readonly [string, Partial<EquipmentEntry>][]): void {
  const owners = new Map<string, string>();
  for (const [id, { area, at }] of equipment) {
    if (at === undefined) continue;
    const place = `${area} ${at.join(" ")}`;
    const owner = owners.get(place);
    if (owner !== undefined)
      faultInPlant(
        draft,
        ["equipment", id, "at"],
        say("place-taken", { equipment: owner, area: area ?? "" }),
      );
    owners.set(place, id);
  }
}

/** A list of names, each of which must be known. */
function checkNames(
  draft: PlantDraft,
  path: Path,
  code: Lack,
  names: readonly string[],
  known: ReadonlySet<string>,
): void {
  for (const [index, one] of names.entries())
    if (!known.has(one)) lacks(draft, [...path, String(index)], code, one, known);
}

function checkOverview(draft: PlantDraft, tags: ReadonlySet<string>): void {
  if (draft.overview === undefined) return;
  const { areas = {}, counters = {}, assays = [], figures = {} } = draft.overview;
  const points = new Set(Object.keys(draft.assays ?? {}));
  checkNames(draft, ["overview", "assays"], "plant-no-point", assays, points);
  for (const [area, own] of Object.entries(areas))
    checkNames(draft, ["overview", "areas", area], "plant-no-tag", own, tags);
  const uncounted = Object.keys(counters).filter((tag) => !tags.has(tag));
  for (const tag of uncounted) lacks(draft, ["overview", "counters", tag], "plant-no-tag", tag, tags);
  for (const [result, period] of Object.entries(figures)) checkFigure(draft, result, period);
}

function checkFigure(draft: PlantDraft, result: string, period: MetricPeriod): void {
  const metrics = draft.metrics ?? {};
  const id = result.split(".", 1)[0] ?? "";
  const path = ["overview", "figures", result];
  if (!Object.hasOwn(metrics, id))
    lacks(draft, path, "plant-no-metric", result, new Set(Object.keys(metrics)));
  else if (metrics[id]?.periods?.includes(period) === false)
    faultInPlant(draft, path, say("plan-not-told", { result, period }));
}
