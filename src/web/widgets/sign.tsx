/** Signs that the page's font has none of: something to beware of; other than planned; one becomes the other. */
export type SignKind = "beware" | "differs" | "becomes";

const SHAPES: Readonly<Record<SignKind, preact.JSX.Element>> = {
  beware: <path d="M6 1.2l5 9.4H1z" class="mark-area" />,
  differs: <path d="M2 4.4h8M2 7.8h8M8.6 1.6l-5.2 9" class="mark-line" />,
  becomes: <path d="M1 6h9M6.8 2.6L10.2 6 6.8 9.4" class="mark-line" />,
};

/** Says nothing to those who do not see it: the words beside it do. */
export function Sign({ kind }: { readonly kind: SignKind }) {
  return (
    <svg class="mark" viewBox="0 0 12 12" aria-hidden="true">
      {SHAPES[kind]}
    </svg>
  );
}
