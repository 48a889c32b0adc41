import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Page } from "playwright-core";
import sharp from "sharp";
import type { Sharp } from "sharp";
import { systemClock } from "../../src/domain/system-clock.ts";
import { sleep } from "../../src/domain/time.ts";
import { differenceOf, marked } from "./picture-difference.ts";
import type { PictureDifference } from "./picture-difference.ts";
import { columnOf, decode } from "./pictures.ts";
import type { Picture } from "./pictures.ts";
import { root } from "./plant.ts";

const REFERENCES = join(root, "test", "browser", "references");
const SHOWN = join(root, "test-results", "screenshots");

/** Takes every picture anew that is not the same any more, instead of comparing it: `PUMA_REFERENCES=new`. */
const IS_NEW = process.env["PUMA_REFERENCES"] === "new";

/** For tests: to take so many pictures anew takes its time. */
export const PATIENCE = IS_NEW ? { timeout: 1_800_000 } : {};

/** Share of the pixels that another machine may draw otherwise. */
const SHARE_MAX = 0.001;
/** So many of them may lie together: a letter that is another is more. */
const TOGETHER_MAX = 3;

/** A page that has not changed for this long has come to rest, also on a machine that is very busy; on one that takes the pictures anew
 *  and does nothing else it has done so sooner, ms. */
const REST_MS = IS_NEW ? 1_500 : 10_000;
/** Until it is looked at again: each look keeps the page from getting on. */
const LOOK_MS = 250;
/** When so many pages look otherwise, looks have changed: nobody waits longer for the others. */
const DIFFERING_MAX = 3;

export function isSame({ share, together }: PictureDifference): boolean {
  return share <= SHARE_MAX && together <= TOGETHER_MAX;
}

/** What of a page is compared: the frame around it is the same on each. */
export type Extent = "whole" | "within its frame";

/** Longer pages go on with more of the same, px. */
const HEIGHT_MAX = 1_600;

interface Look {
  /** The page with its frame. */
  readonly file: Buffer;
  /** What of it is compared. */
  readonly picture: Picture;
}

async function look(page: Page, extent: Extent): Promise<Look> {
  const box = extent === "whole" ? null : await page.locator("main").boundingBox();
  const clip = { x: 0, y: 0, width: page.viewportSize()?.width ?? 0, height: HEIGHT_MAX };
  const file = await page.screenshot({ animations: "disabled", caret: "hide", fullPage: true, clip });
  const whole = await decode(file);
  return { file, picture: box === null ? whole : columnOf(whole, box) };
}

/** What the page shows once it is as wanted, or has come to rest. */
async function settled(
  take: () => Promise<Look>,
  isWanted: (shown: Picture) => boolean,
  restMs: number,
): Promise<Look> {
  let shown = await take();
  let since = performance.now();
  while (!isWanted(shown.picture) && performance.now() - since < restMs) {
    await sleep(systemClock, LOOK_MS);
    const next = await take();
    if (next.file.equals(shown.file)) continue;
    since = performance.now();
    shown = next;
  }
  return shown;
}

const imageOf = ({ width, height, data }: Picture): Sharp =>
  sharp(data, { raw: { width, height, channels: 4 } }).removeAlpha();

function keep(file: string, bytes: Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

const NO_PICTURE: Picture = { width: 0, height: 0, data: new Uint8Array(0) };

/** What a page shows beside what it should show. */
export interface Comparison {
  /** What of the page differs from the reference of this name; null when nothing does. What it showed is kept in
   *  test-results, and where it differed too. */
  differenceOf(name: string, extent: Extent): Promise<string | null>;
}

export function compareWithReferences(page: Page): Comparison {
  let differing = 0;

  async function tell(
    { file, picture }: Look,
    found: PictureDifference,
    name: string,
  ): Promise<string | null> {
    keep(join(SHOWN, `${name}.png`), file);
    if (isSame(found)) return null;
    differing++;
    keep(join(SHOWN, `${name}-difference.png`), await imageOf(marked(picture, found)).png().toBuffer());
    const percent = (100 * found.share).toFixed(3);
    return `${percent} % of the pixels of ${name} differ, ${found.together} of them together: see test-results.`;
  }

  return {
    async differenceOf(name, extent) {
      // Nothing is lost, in two fifths of the room that PNG takes.
      const file = join(REFERENCES, `${name}.webp`);
      const reference = existsSync(file) ? await decode(readFileSync(file)) : NO_PICTURE;
      const shown = await settled(
        () => look(page, extent),
        (picture) => isSame(differenceOf(picture, reference)),
        differing < DIFFERING_MAX ? REST_MS : 0,
      );
      const found = differenceOf(shown.picture, reference);
      if (!IS_NEW) return tell(shown, found, name);
      // What looks as before stays the same file.
      if (!isSame(found))
        keep(file, await imageOf(shown.picture).webp({ lossless: true, effort: 6 }).toBuffer());
      return null;
    },
  };
}
