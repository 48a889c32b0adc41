import type { ComponentChildren } from "preact";

interface FieldProps {
  /** Unique on the page: the control is given the same one. */
  readonly id: string;
  readonly label: string;
  readonly unit?: string | null;
  /** Said after the label, such as that it may be left empty. */
  readonly note?: string | null;
  /** What is wrong with what was entered. */
  readonly fault?: string | null;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** What a control inside a `Field` is told, so that label, unit and fault belong to it. */
export function controlOf(id: string, fault: string | null = null) {
  const described = fault === null ? {} : { "aria-describedby": `${id}-fault` };
  return { id, "aria-invalid": fault !== null, ...described };
}

/** One input with its name, its unit and what is wrong with it. */
export function Field({
  id,
  label,
  unit = null,
  note = null,
  fault = null,
  class: more = "",
  children,
}: FieldProps) {
  return (
    <div class={`field ${more}`}>
      <label for={id}>
        {label}
        {note !== null && <span class="quiet"> ({note})</span>}
      </label>
      <span class="with-unit">
        {children}
        {unit !== null && <span class="quiet">{unit}</span>}
      </span>
      {fault !== null && (
        <span class="abnormal" id={`${id}-fault`}>
          {fault}
        </span>
      )}
    </div>
  );
}
