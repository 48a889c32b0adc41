import { useSignal } from "@preact/signals";
import { formatNumber } from "../../format.ts";
import { trendWords } from "../../i18n/trends.ts";
import { words } from "../../preferences.ts";
import { cellOf, cells } from "../../store.ts";
import { controlOf, Field } from "../../widgets/field.tsx";
import { moved, zoomed } from "../../widgets/chart/pointer.ts";
import { forgetSet, saveSet, sets } from "./sets.ts";
import { goLive, isLive, PENS_MAX, setTags, show, showLast, span, tags } from "./trend-state.ts";

const HOURS = [1, 8, 24, 72, 168] as const;
const ZOOM = 2;

export function middle(): number {
  return (span.value.from + span.value.to) / 2;
}

export function shiftBy(share: number): void {
  show(moved(span.value, share * (span.value.to - span.value.from)));
}

export function zoomBy(factor: number): void {
  show(zoomed(span.value, factor, middle()));
}

function Button({ text, onClick }: { readonly text: string; readonly onClick: () => void }) {
  return (
    <button type="button" class="chip" onClick={onClick}>
      {text}
    </button>
  );
}

function spanText(hours: number): string {
  const { hours: inHours, days } = trendWords.value;
  const { locale } = words.value;
  return hours < 48 ? inHours(formatNumber(hours, 0, locale)) : days(formatNumber(hours / 24, 0, locale));
}

/** How long, from when, and whether the present comes in. */
export function SpanControls() {
  const { span: label, earlier, later, closer, wider, live } = trendWords.value;
  const shown = (span.value.to - span.value.from) / 3_600_000;
  return (
    <div class="chips" role="group" aria-label={label}>
      {HOURS.map((hours) => (
        <button
          type="button"
          class="chip"
          key={hours}
          aria-pressed={isLive.value && Math.abs(shown - hours) < 0.01}
          onClick={() => showLast(hours)}
        >
          {spanText(hours)}
        </button>
      ))}
      <Button text={earlier} onClick={() => shiftBy(-0.5)} />
      <Button text={later} onClick={() => shiftBy(0.5)} />
      <Button text={closer} onClick={() => zoomBy(1 / ZOOM)} />
      <Button text={wider} onClick={() => zoomBy(ZOOM)} />
      <button type="button" class="chip" aria-pressed={isLive.value} onClick={goLive}>
        {live}
      </button>
    </div>
  );
}

export function csvAddress(): string {
  const query = new URLSearchParams({
    tags: tags.value.join(","),
    from: new Date(span.value.from).toISOString(),
    to: new Date(span.value.to).toISOString(),
  });
  return `/api/v1/history.csv?${query.toString()}`;
}

/** A tag by its name, with all of them to choose from. */
export function AddPen() {
  const wanted = useSignal("");
  const fault = useSignal<string | null>(null);
  const { add, addButton, noTag, full } = trendWords.value;
  const submit = (event: Event): void => {
    event.preventDefault();
    const tag = wanted.value.trim().split(" ", 1)[0] ?? "";
    if (tags.value.length >= PENS_MAX) fault.value = full;
    else if (cellOf(tag) === null) fault.value = noTag(tag);
    else {
      fault.value = null;
      wanted.value = "";
      setTags([...new Set([...tags.value, tag])]);
    }
  };
  return (
    <form class="trend-form" onSubmit={submit}>
      <Field id="trend-add" label={add} fault={fault.value}>
        <input
          {...controlOf("trend-add", fault.value)}
          list="trend-tags"
          autocomplete="off"
          value={wanted.value}
          onInput={({ currentTarget }) => {
            wanted.value = currentTarget.value;
          }}
        />
      </Field>
      <datalist id="trend-tags">
        {cells.value.map(({ about }) => (
          <option key={about.tag} value={about.tag}>
            {about.title}
          </option>
        ))}
      </datalist>
      <button type="submit" class="chip">
        {addButton}
      </button>
    </form>
  );
}

/** Groups of pens under a name. */
export function PenSets() {
  const name = useSignal("");
  const { sets: label, setsHint, saveName, save, forget } = trendWords.value;
  const submit = (event: Event): void => {
    event.preventDefault();
    if (name.value.trim() === "" || tags.value.length === 0) return;
    saveSet({ name: name.value.trim(), tags: tags.value });
    name.value = "";
  };
  return (
    <section class="trend-sets" aria-label={label}>
      <form class="trend-form" onSubmit={submit}>
        <Field id="trend-set" label={saveName}>
          <input
            {...controlOf("trend-set")}
            maxLength={40}
            value={name.value}
            onInput={({ currentTarget }) => {
              name.value = currentTarget.value;
            }}
          />
        </Field>
        <button type="submit" class="chip" title={setsHint}>
          {save}
        </button>
      </form>
      <ul class="chips">
        {sets.value.map((set) => (
          <li key={set.name} class="trend-set">
            <button type="button" class="chip" title={set.tags.join(", ")} onClick={() => setTags(set.tags)}>
              {set.name}
            </button>
            <button
              type="button"
              class="chip"
              aria-label={forget(set.name)}
              title={forget(set.name)}
              onClick={() => forgetSet(set.name)}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
