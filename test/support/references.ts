import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Page } from "playwright-core";
import sharp from "sharp";
import type { Sharp } from "sharp";
import { differenceOf, marked } from "./picture-difference.ts";
import type { PictureDifference } from "./picture-difference.ts";
import { decode } from "./pictures.ts";
import type { Picture } from "./pictures.ts";
import { root } from "./plant.ts";

const REFERENCES = join(root, "test", "browser", "references");
const RESULTS = join(root, "test-results", "references");

/** Takes every picture anew instead of comparing it: `PUMA_REFERENCES=new`. */
const IS_NEW = process.env["PUMA_REFERENCES"] === "new";

/** Share of the pixels that another machine may draw otherwise. */
const SHARE_MAX = 0.001;
/** So many of them may lie together: a letter that is another is more. */
const TOGETHER_MAX = 3;

/** A page that has not changed for this long has come to rest, also on a machine that is very busy. */
const REST_MS = 10_000;

export function isSame({ share, together }: PictureDifference): boolean {
  return share <= SHARE_MAX && together <= TOGETHER_MAX;
}

const look = (page: Page): Promise<Buffer> => page.screenshot({ animations: "disabled", caret: "hide" });

/** What the page shows once it is as wanted, or has come to rest. */
async function settled(page: Page, isWanted: (shown: Picture) => boolean): Promise<Picture> {
  let file = await look(page);
  let shown = await decode(file);
  let since = performance.now();
  while (!isWanted(shown) && performance.now() - since < REST_MS) {
    const next = await look(page);
    if (next.equals(file)) continue;
    since = performance.now();
    file = next;
    shown = await decode(file);
  }
  return shown;
}

const imageOf = ({ width, height, data }: Picture): Sharp =>
  sharp(data, { raw: { width, height, channels: 4 } }).removeAlpha();

async function keep(file: string, image: Sharp): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await image.toBuffer());
}

/** What of the page differs from the reference of this name; null when nothing does. What it showed and where it differed is kept in
 *  test-results then. */
export async function differenceFromReference(page: Page, name: string): Promise<string | null> {
  // Nothing is lost, in two fifths of the room that PNG takes.
  const file = join(REFERENCES, `${name}.png`);
  if (IS_NEW) {
    await keep(file, imageOf(await settled(page, () => false)).png());
    return null;
  }
  if (!existsSync(file)) return `${name}: there is no reference: take it with PUMA_REFERENCES=new.`;
  const reference = await decode(readFileSync(file));
  const shown = await settled(page, (picture) => isSame(differenceOf(picture, reference)));
  const found = differenceOf(shown, reference);
  if (isSame(found)) return null;
  await keep(join(RESULTS, `${name}.png`), imageOf(shown).png());
  await keep(join(RESULTS, `${name}-difference.png`), imageOf(marked(shown, found)).png());
  const percent = (100 * found.share).toFixed(3);
  return `${name}: ${percent} % of the pixels differ, ${found.together} of them together: see test-results/references.`;
}
