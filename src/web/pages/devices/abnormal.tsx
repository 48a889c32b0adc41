import type { ComponentChildren } from "preact";
import { Mark } from "../../widgets/mark.tsx";
import type { MarkKind } from "../../widgets/mark.tsx";

/** A word about how something is: what is not as it should be has a shape and a colour besides. */
export function Judged({
  kind,
  children,
}: {
  readonly kind: MarkKind;
  readonly children: ComponentChildren;
}) {
  const isWell = kind === "normal" || kind === "waiting";
  return (
    <span class={isWell ? "" : "abnormal"}>
      <Mark kind={kind} /> {children}
    </span>
  );
}
