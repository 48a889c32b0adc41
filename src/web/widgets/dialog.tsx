import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { shellWords } from "../i18n/shell.ts";

interface DialogProps {
  readonly title: string;
  /** Escape, the button, and what the content itself decides. */
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Something to be dealt with before the page goes on: the rest of the page cannot be reached while it is there, and the
 *  focus returns to where it was. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    element.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog class="dialog" aria-labelledby="dialog-title" ref={element} onClose={onClose}>
      <div class="dialog-head">
        <h2 id="dialog-title">{title}</h2>
        <button type="button" class="chip" onClick={onClose}>
          {shellWords.value.close}
        </button>
      </div>
      {children}
    </dialog>
  );
}
