import type { Page } from "playwright-core";

/** Makes every text of the page a third longer, as another language might, and tells what is cut off then: text that does not
 *  fit its box where the box does not scroll, and labels that leave their drawing. Then every text is as it was. */
export function cutTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    // Names of tags, numbers and units are the same in every language.
    const IS_PROSE = /\p{Ll}{3}/u;
    const IS_CODE = /^[A-Z0-9_.:/-]+$/u;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts: (readonly [Text, string])[] = [];
    while (walker.nextNode() !== null)
      texts.push([walker.currentNode as Text, walker.currentNode.nodeValue ?? ""]);
    for (const [text, before] of texts) {
      const said = before.trim();
      if (!IS_PROSE.test(said) || IS_CODE.test(said)) continue;
      const more = said.slice(0, Math.ceil(said.length * 0.3));
      text.data = `${before.trimEnd()}${said.includes(" ") ? " " : ""}${more}`;
    }
    const found = new Set<string>();
    const tell = (one: Element): void => {
      const name = typeof one.className === "string" ? one.className : (one.getAttribute("class") ?? "");
      found.add(`${one.tagName.toLowerCase()}.${name}: ${(one.textContent ?? "").trim().slice(0, 60)}`);
    };
    const isHidden = (one: Element): boolean =>
      one.closest(".visually-hidden, [hidden], option, .skip") !== null || one.getClientRects().length === 0;
    for (const one of document.querySelectorAll("body *")) {
      if (isHidden(one)) continue;
      if (one instanceof SVGTextElement) {
        const [text, frame] = [one.getBoundingClientRect(), one.ownerSVGElement?.getBoundingClientRect()];
        if (frame !== undefined && (text.left < frame.left - 1 || text.right > frame.right + 1)) tell(one);
        continue;
      }
      const { overflowX, overflowY, display } = getComputedStyle(one);
      const hasText = [...one.childNodes].some(
        (child) => child.nodeType === Node.TEXT_NODE && (child.textContent ?? "").trim() !== "",
      );
      if (!hasText || !(one instanceof HTMLElement) || display === "inline") continue;
      const isCutAcross = one.scrollWidth > one.clientWidth + 1 && !["auto", "scroll"].includes(overflowX);
      const isCutBelow = one.scrollHeight > one.clientHeight + 2 && ["hidden", "clip"].includes(overflowY);
      if (isCutAcross || isCutBelow) tell(one);
    }
    for (const [text, before] of texts) text.data = before;
    return [...found];
  });
}

/** The lines that a reader sees. */
export async function shownLines(page: Page): Promise<string[]> {
  const text = await page.locator("body").innerText();
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
