import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pixelmatch from "pixelmatch";
import type { Page } from "playwright-core";
import { PNG } from "pngjs";
import { root } from "./plant.ts";

const REFERENCES = join(root, "test", "browser", "references");
const RESULTS = join(root, "test-results", "references");

/** Takes every picture anew instead of comparing it: `PUMA_REFERENCES=new`. */
const IS_NEW = process.env["PUMA_REFERENCES"] === "new";

/** Distance of two colours, 1 from black to white, from which on a pixel counts as another: about five of 256 greys. A shift of hue
 *  alone counts for less, as it does to the eye. */
const THRESHOLD = 0.02;

/** What even areas and sharp edges take the least room with. */
const SMALL = { deflateLevel: 9, filterType: 0, deflateStrategy: 0, colorType: 2 } as const;

/** A page that has not changed for this long has come to rest, also on a machine that is very busy. */
const REST_MS = 10_000;

/** Which share of its pixels differ from those of the reference, with a picture of the difference. */
function difference(shown: PNG, reference: PNG): { readonly share: number; readonly picture: PNG } {
  const { width, height } = reference;
  const picture = new PNG({ width, height });
  if (shown.width !== width || shown.height !== height) return { share: 1, picture };
  const options = { threshold: THRESHOLD, includeAA: true };
  const count = pixelmatch(shown.data, reference.data, picture.data, width, height, options);
  return { share: count / (width * height), picture };
}

async function look(page: Page): Promise<PNG> {
  return PNG.sync.read(await page.screenshot({ animations: "disabled", caret: "hide" }));
}

/** What the page shows once it is as wanted, or has come to rest. */
async function settled(page: Page, isWanted: (shown: PNG) => boolean): Promise<PNG> {
  let shown = await look(page);
  let since = performance.now();
  while (!isWanted(shown) && performance.now() - since < REST_MS) {
    const next = await look(page);
    if (difference(next, shown).share > 0) since = performance.now();
    shown = next;
  }
  return shown;
}

function keep(folder: string, name: string, picture: PNG): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.png`), PNG.sync.write(picture, SMALL));
}

/** Compares what the page shows, with the reference of this name, and gives the share of pixels that
 *  differ. When that is more than `most`, what it showed and where it differed is kept in test-results. */
export async function differingFrom(page: Page, name: string, most: number): Promise<number> {
  const file = join(REFERENCES, `${name}.png`);
  if (IS_NEW) keep(REFERENCES, name, await settled(page, () => false));
  if (!existsSync(file)) throw new Error(`There is no reference ${name}: take it with PUMA_REFERENCES=new.`);
  const reference = PNG.sync.read(readFileSync(file));
  const shown = await settled(page, (picture) => difference(picture, reference).share <= most);
  const found = difference(shown, reference);
  if (found.share > most) {
    keep(RESULTS, name, shown);
    keep(RESULTS, `${name}-difference`, found.picture);
  }
  return found.share;
}
