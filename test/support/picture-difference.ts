import { differingAt, EYES } from "./pictures.ts";
import type { Picture } from "./pictures.ts";

/** Distance of two colours (CIE 1976) above which a pixel counts as another one: five of 256 greys, or a shift of hue that nobody would
 *  see in a single pixel. What another processor rounds otherwise at the edges of letters stays below. */
const LEAST = 1.5;

/** Side of the square in which differing pixels are counted together: a letter, a digit or an icon fits in, px. */
const SQUARE = 16;
/** Squares overlap by half, so that what is small lies in one of them whole. */
const STEP = SQUARE / 2;

/** How a picture differs from the one that it should be. */
export interface PictureDifference {
  /** Of all pixels; 1 where the sizes differ. */
  readonly share: number;
  /** Differing pixels that lie together: the most in any square of 16 px. */
  readonly together: number;
  readonly places: readonly (readonly [x: number, y: number])[];
}

/** Compares colours as the eye does, hue and lightness alike, and takes edges as they are: what was drawn softer counts too. */
export function differenceOf(shown: Picture, reference: Picture): PictureDifference {
  const { width, height } = reference;
  if (shown.width !== width || shown.height !== height)
    return { share: 1, together: SQUARE ** 2, places: [] };
  if (Buffer.compare(shown.data, reference.data) === 0) return { share: 0, together: 0, places: [] };
  const places = differingAt(shown, reference, EYES.everybody, LEAST);
  return { share: places.length / (width * height), together: mostTogether(places), places };
}

function mostTogether(places: PictureDifference["places"]): number {
  const counts = new Map<string, number>();
  for (const [x, y] of places) {
    const [column, row] = [Math.floor(x / STEP), Math.floor(y / STEP)];
    for (const square of [
      [column, row],
      [column - 1, row],
      [column, row - 1],
      [column - 1, row - 1],
    ])
      counts.set(square.join(), (counts.get(square.join()) ?? 0) + 1);
  }
  return [...counts.values()].reduce((most, count) => Math.max(most, count), 0);
}

/** The picture, pale, with what differs in red. */
export function marked({ width, height, data }: Picture, { places }: PictureDifference): Picture {
  const pale = data.map((level, at) => (at % 4 === 3 ? level : 191 + (level >> 2)));
  for (const [x, y] of places) pale.set([255, 0, 0], 4 * (y * width + x));
  return { width, height, data: pale };
}
