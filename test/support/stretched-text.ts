import type { Page } from "playwright-core";

/** Where the texts of a page are kept while they are longer: in the page itself. */
interface Stretched {
  texts?: (readonly [Text, string])[];
}

/** Makes every text of the page a third longer, as another language might, and tells what is cut off then: text that does not
 *  fit its box where the box does not scroll, and labels that leave their drawing. Then every text is as it was. */
export async function cutTexts(page: Page): Promise<string[]> {
  await page.evaluate(stretch);
  const found = [...(await page.evaluate(cutBoxes)), ...(await page.evaluate(labelsOutside))];
  await page.evaluate(restore);
  return [...new Set(found)];
}

function stretch(): void {
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
  (globalThis as Stretched).texts = texts;
}

function restore(): void {
  for (const [text, before] of (globalThis as Stretched).texts ?? []) text.data = before;
  delete (globalThis as Stretched).texts;
}

function cutBoxes(): string[] {
  const SCROLLS = new Set(["auto", "scroll"]);
  const CUTS = new Set(["hidden", "clip"]);
  const boxes = [...document.querySelectorAll<HTMLElement>("body *")].filter((one) => {
    const isShown =
      one.closest("svg, .visually-hidden, [hidden], option, .skip") === null &&
      one.getClientRects().length > 0;
    return (
      isShown &&
      [...one.childNodes].some(({ nodeType, nodeValue }) => nodeType === 3 && /\S/u.test(nodeValue ?? ""))
    );
  });
  const cut = boxes.filter((one) => {
    const { overflowX, overflowY, display } = getComputedStyle(one);
    if (display === "inline") return false;
    const isCutAcross = one.scrollWidth > one.clientWidth + 1 && !SCROLLS.has(overflowX);
    return isCutAcross || (one.scrollHeight > one.clientHeight + 2 && CUTS.has(overflowY));
  });
  return cut.map(
    ({ tagName, className, textContent }) =>
      `${tagName.toLowerCase()}.${className}: ${textContent.trim().slice(0, 60)}`,
  );
}

function labelsOutside(): string[] {
  const labels = [...document.querySelectorAll<SVGTextElement>("svg text")];
  const outside = labels.filter((label) => {
    const frame = label.ownerSVGElement?.getBoundingClientRect();
    const { left, right } = label.getBoundingClientRect();
    return frame !== undefined && (left < frame.left - 1 || right > frame.right + 1);
  });
  return outside.map(({ textContent }) => `label: ${textContent.trim().slice(0, 60)}`);
}

/** The lines that a reader sees. */
export async function shownLines(page: Page): Promise<string[]> {
  const text = await page.locator("body").innerText();
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
