import { useEffect, useRef } from "preact/hooks";
import { plant } from "../store.ts";

let isFirst = true;

/** The heading of a page, and the title of the browser's tab. Whoever comes from another page is put here, so that a
 *  screen reader says where one is and Tab goes on from here. */
export function PageTitle({ text }: { readonly text: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true });
    isFirst = false;
  }, []);
  const owner = plant.value?.title ?? "Puma Gateway";
  useEffect(() => {
    document.title = `${text} · ${owner}`;
  }, [text, owner]);
  return (
    <h1 class="page-title" tabIndex={-1} ref={heading}>
      {text}
    </h1>
  );
}
