import type { Locator, Page } from "playwright-core";
import sharp from "sharp";

/** What is shown, pixel by pixel. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity of each pixel, row by row. */
  readonly data: Uint8Array;
}

export type Colour = readonly [red: number, green: number, blue: number];

/** What an element or the whole window shows now. */
export async function pictureOf(page: Page, element: Locator | null = null): Promise<Picture> {
  return decode(await (element ?? page).screenshot());
}

/** The picture in a file of any usual format. */
export async function decode(file: Buffer): Promise<Picture> {
  const { data, info } = await sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** What is shown in a column of a picture, from a height on. */
export function columnOf(
  { width, height, data }: Picture,
  box: { readonly x: number; readonly y: number; readonly width: number },
): Picture {
  const [left, top, across] = [Math.round(box.x), Math.round(box.y), Math.round(box.width)];
  const down = height - top;
  const column = new Uint8Array(4 * across * down);
  for (let row = 0; row < down; row++) {
    const at = 4 * ((top + row) * width + left);
    column.set(data.subarray(at, at + 4 * across), 4 * row * across);
  }
  return { width: across, height: down, data: column };
}

export function pixelAt({ width, data }: Picture, x: number, y: number): Colour {
  const at = 4 * (y * width + x);
  return [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
}

/** HSV saturation over 0.5 and value over 0.4, and not the blue of live values. */
function isStrong([red, green, blue]: Colour): boolean {
  const most = Math.max(red, green, blue);
  const spread = most - Math.min(red, green, blue);
  const isBlue = blue === most && green >= red;
  return spread > 0.5 * most && most > 0.4 * 255 && !isBlue;
}

/** Where a picture has a strong colour. */
export function strongPixels(picture: Picture): (readonly [x: number, y: number])[] {
  const found: (readonly [number, number])[] = [];
  for (let y = 0; y < picture.height; y++)
    for (let x = 0; x < picture.width; x++) if (isStrong(pixelAt(picture, x, y))) found.push([x, y]);
  return found;
}

/** sRGB to linear light. Source: IEC 61966-2-1. */
function linear(level: number): number {
  const share = level / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

/** How a colour looks to somebody. Takes and gives linear light. */
export type Eyes = (light: Colour) => Colour;

type Matrix = readonly [Colour, Colour, Colour];

function times(matrix: Matrix, [red, green, blue]: Colour): Colour {
  const row = ([r, g, b]: Colour): number => r * red + g * green + b * blue;
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
}

/** Deuteranopia. Source: Machado, Oliveira, Fernandes, IEEE TVCG 15 (2009) 1291, severity 1.0. */
const DEUTERANOPIA: Matrix = [
  [0.367322, 0.860646, -0.227968],
  [0.280085, 0.672501, 0.047413],
  [-0.01182, 0.04294, 0.968881],
];

/** Linear light to CIE XYZ, D65. Source: IEC 61966-2-1. */
const XYZ: Matrix = [
  [0.4124, 0.3576, 0.1805],
  [0.2126, 0.7152, 0.0722],
  [0.0193, 0.1192, 0.9505],
];

export const EYES: Readonly<Record<"everybody" | "deuteranopia" | "greyscale", Eyes>> = {
  everybody: (light) => light,
  deuteranopia: (light) => times(DEUTERANOPIA, light),
  greyscale: (light) => {
    const [, luminance] = times(XYZ, light);
    return [luminance, luminance, luminance];
  },
};

/** CIE L*a*b* (CIE 15), white D65. */
function labOf(colour: Colour, eyes: Eyes): Colour {
  const light = eyes([linear(colour[0]), linear(colour[1]), linear(colour[2])]);
  const [x, y, z] = times(XYZ, light);
  const f = (t: number): number => (t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29);
  const [fx, fy, fz] = [f(x / 0.9505), f(y), f(z / 1.089)];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

/** Distance of two colours (CIE 1976); 2.3 is just noticeable. */
export function distance(one: Colour, other: Colour, eyes: Eyes): number {
  const [a, b] = [labOf(one, eyes), labOf(other, eyes)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** Where two pictures clearly differ to these eyes: farther apart than `least`. What one has more of is left out. */
export function differingAt(
  one: Picture,
  other: Picture,
  eyes: Eyes,
  least: number,
): (readonly [x: number, y: number])[] {
  const [width, height] = [Math.min(one.width, other.width), Math.min(one.height, other.height)];
  // A page has few colours.
  const judged = new Map<string, boolean>();
  const differ = (a: Colour, b: Colour): boolean => {
    if (a[0] === b[0] && a[1] === b[1] && a[2] === b[2]) return false;
    const key = `${a.join()} ${b.join()}`;
    const isApart = judged.get(key) ?? distance(a, b, eyes) > least;
    judged.set(key, isApart);
    return isApart;
  };
  const found: (readonly [number, number])[] = [];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) if (differ(pixelAt(one, x, y), pixelAt(other, x, y))) found.push([x, y]);
  return found;
}

/** Share of the pixels of two pictures of one size that clearly differ to these eyes: farther apart than `least`. */
export function differingShare(one: Picture, other: Picture, eyes: Eyes, least: number): number {
  const size = Math.min(one.width, other.width) * Math.min(one.height, other.height);
  return differingAt(one, other, eyes, least).length / size;
}

/** The colour that most pixels have besides that of the ground, which is in the corner. */
export function mainColour(picture: Picture): Colour {
  const ground = pixelAt(picture, 0, 0).join(",");
  const counts = new Map<string, number>();
  for (let y = 0; y < picture.height; y++)
    for (let x = 0; x < picture.width; x++) {
      const key = pixelAt(picture, x, y).join(",");
      if (key === ground) continue;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  const [most = ["0,0,0"]] = [...counts].sort((a, b) => b[1] - a[1]);
  return most[0].split(",").map(Number) as unknown as Colour;
}
