/** Operators wait for no font: what they have to read comes in that of their system then. */
const PATIENCE_MS = 1_000;

/** The page's font as a canvas takes it, `px` high. */
export function pageFont(px: number, weight = 400): string {
  const family = getComputedStyle(document.documentElement).getPropertyValue("--font").trim();
  return `${weight} ${px}px ${family}`;
}

/** Until the page's font is there, so that nothing moves when it comes and the charts, which never ask again, have it too. */
export async function waitForFont(): Promise<void> {
  let timer: number | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = window.setTimeout(resolve, PATIENCE_MS);
  });
  // A font that does not come is no reason for no page.
  await Promise.race([document.fonts.load(pageFont(13)).catch(() => undefined), enough]);
  window.clearTimeout(timer);
}
