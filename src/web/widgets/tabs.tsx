export interface Tab {
  readonly href: string;
  readonly text: string;
  readonly isHere: boolean;
}

/** Links between the parts of one page. Each part has its own address, so that back, reload and bookmarks do what they
 *  should. */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  return (
    <nav class="chips" aria-label={label}>
      {tabs.map(({ href, text, isHere }) => (
        <a key={href} href={href} class="chip" aria-current={isHere ? "page" : undefined}>
          {text}
        </a>
      ))}
    </nav>
  );
}
