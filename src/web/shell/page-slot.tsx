import { useSignalEffect, useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { shellWords } from "../i18n/shell.ts";
import { place } from "../router.ts";
import { PAGES } from "../routes.ts";
import { link } from "../store.ts";
import { PageTitle } from "../widgets/page-title.tsx";

interface Loaded {
  readonly page: string;
  /** Null when it could not be fetched. */
  readonly component: ComponentType | null;
}

function NoPage() {
  const { noPage, noPageHint } = shellWords.value;
  return (
    <>
      <PageTitle text={noPage} />
      <p>
        <a href="/">{noPageHint}</a>
      </p>
    </>
  );
}

/** The page that the address names. Its code is fetched when it is first wanted; with the gateway away, when it is back. */
export function PageSlot() {
  const loaded = useSignal<Loaded | null>(null);
  useSignalEffect(() => {
    const { page } = place.value;
    void link.value; // a fetch that failed is tried again when the link changes
    if (page === null || (loaded.peek()?.page === page && loaded.peek()?.component !== null)) return;
    PAGES[page]().then(
      (component) => {
        if (place.peek().page === page) loaded.value = { page, component };
      },
      () => {
        if (place.peek().page === page) loaded.value = { page, component: null };
      },
    );
  });
  const { page, path } = place.value;
  if (page === null) return <NoPage />;
  if (loaded.value?.page !== page) return <p class="quiet">{shellWords.value.loadingPage}</p>;
  const { component: Component } = loaded.value;
  if (Component === null) return <p role="alert">{shellWords.value.pageFailed}</p>;
  return <Component key={path} />;
}
