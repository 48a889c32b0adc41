import { describe, expect, it } from "vitest";
import { randomFor } from "../../src/domain/random.ts";
import { differenceOf, marked } from "../support/picture-difference.ts";
import type { Colour, Picture } from "../support/pictures.ts";
import { pixelAt } from "../support/pictures.ts";
import { isSame } from "../support/references.ts";

const SIZE = { width: 640, height: 400 };
const GROUND: Colour = [232, 234, 236];
const INK: Colour = [32, 36, 40];
/** Of the gravest alarms, in the light theme. */
const ALARM: Colour = [176, 0, 32];

type Point = readonly [x: number, y: number];

/** Strokes of letters in a field of 0 to 1 across and 0 to 1.5 down. */
const LETTERS: Readonly<Record<string, readonly (readonly Point[])[]>> = {
  E: [
    [
      [1, 0],
      [0, 0],
      [0, 1.5],
      [1, 1.5],
    ],
    [
      [0, 0.75],
      [0.8, 0.75],
    ],
  ],
  F: [
    [
      [1, 0],
      [0, 0],
      [0, 1.5],
    ],
    [
      [0, 0.75],
      [0.8, 0.75],
    ],
  ],
  C: [
    [
      [1, 0],
      [0, 0],
      [0, 1.5],
      [1, 1.5],
    ],
  ],
  O: [
    [
      [1, 0],
      [0, 0],
      [0, 1.5],
      [1, 1.5],
      [1, 0],
    ],
  ],
};

/** What is drawn within a box: `coverage` is the share of a pixel that it takes. */
interface Shape {
  readonly box: readonly [left: number, top: number, width: number, height: number];
  readonly coverage: (x: number, y: number) => number;
}

interface Sheet extends Picture {
  paint(colour: Colour, shape: Shape): Sheet;
}

function sheet(): Sheet {
  const { width, height } = SIZE;
  const data = new Uint8Array(4 * width * height);
  for (let at = 0; at < data.length; at += 4) data.set([...GROUND, 255], at);
  const drawn: Sheet = {
    ...SIZE,
    data,
    paint(colour, { box: [left, top, across, down], coverage }) {
      for (let y = top; y < top + down; y++)
        for (let x = left; x < left + across; x++) {
          const share = Math.min(1, Math.max(0, coverage(x, y)));
          const mixed = pixelAt(drawn, x, y).map((under, channel) =>
            Math.round(under + share * ((colour[channel] ?? 0) - under)),
          );
          data.set(mixed, 4 * (y * width + x));
        }
      return drawn;
    },
  };
  return drawn;
}

const disc = (centreX: number, centreY: number, radius: number): Shape => ({
  box: [centreX - radius - 1, centreY - radius - 1, 2 * radius + 3, 2 * radius + 3],
  coverage: (x, y) => radius + 0.5 - Math.hypot(x - centreX, y - centreY),
});

function awayFrom([x, y]: Point, [fromX, fromY]: Point, [toX, toY]: Point): number {
  const [dx, dy] = [toX - fromX, toY - fromY];
  const along = Math.min(1, Math.max(0, ((x - fromX) * dx + (y - fromY) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - fromX - along * dx, y - fromY - along * dy);
}

/** A letter as small as those of a table, with soft edges. */
function letter(name: string, left: number, top: number): Shape {
  const strokes = (LETTERS[name] ?? []).map((points) =>
    points.map(([across, down]): Point => [left + 5.6 * across, top + 5.6 * down]),
  );
  return {
    box: [Math.floor(left) - 2, Math.floor(top) - 2, 12, 14],
    coverage(x, y) {
      const distances = strokes.flatMap((points) =>
        points.slice(1).map((to, index) => awayFrom([x, y], points[index] as Point, to)),
      );
      return 1.1 - Math.min(...distances);
    },
  };
}

/** A page: a panel, a line of text and an alarm. */
function page({
  panel = [221, 223, 226] as Colour,
  alarm = ALARM,
  text = "FECOFECOFECO",
  iconX = 400,
} = {}): Sheet {
  const drawn = sheet()
    .paint(panel, { box: [40, 40, 300, 200], coverage: () => 1 })
    .paint(alarm, disc(iconX, 100, 6));
  for (const [index, name] of text.split("").entries())
    drawn.paint(INK, letter(name, 60.3 + 8.7 * index, 60.6));
  return drawn;
}

/** HSL of hue turned by some degrees. Source: CSS Color 4, clause 7. */
function turned([red, green, blue]: Colour, degrees: number): Colour {
  const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  const spread = most - least;
  const sector =
    most === red
      ? (green - blue) / spread
      : most === green
        ? 2 + (blue - red) / spread
        : 4 + (red - green) / spread;
  const hue = 60 * sector + degrees;
  const channel = (offset: number): number => {
    const k = (offset + hue / 60 + 12) % 6;
    return Math.round(most - spread * Math.max(0, Math.min(k, 4 - k, 1)));
  };
  return [channel(5), channel(3), channel(1)];
}

describe("a picture of a page", () => {
  it("is the same as itself", () => {
    expect(differenceOf(page(), page())).toEqual({ share: 0, together: 0, places: [] });
  });

  it("is another when a band is five greys darker, however large the page", () => {
    const found = differenceOf(page({ panel: [216, 218, 221] }), page());
    expect(found.share).toBeGreaterThan(0.2);
    expect(isSame(found)).toBe(false);
  });

  it.each([-10, 10, 25])("is another when the hue of an alarm turns by %d degrees", (degrees) => {
    const found = differenceOf(page({ alarm: turned(ALARM, degrees) }), page());
    expect(found.places.every(([x, y]) => Math.hypot(x - 400, y - 100) < 8)).toBe(true);
    // So small an alarm is less than a thousandth of the page: it is seen because its pixels lie together.
    expect(found.share).toBeLessThan(0.001);
    expect(isSame(found)).toBe(false);
  });

  it.each([
    ["FECOFEEOFECO", "FECOFECOFECO"],
    ["FECOEECOFECO", "FECOFECOFECO"],
    ["FECOFECCFECO", "FECOFECOFECO"],
  ])("is another when one letter is: %s for %s", (shown, expected) => {
    const found = differenceOf(page({ text: shown }), page({ text: expected }));
    expect(found.share).toBeLessThan(0.001);
    expect(isSame(found)).toBe(false);
  });

  it("is another when an icon has moved by a pixel", () => {
    const found = differenceOf(page({ iconX: 401 }), page());
    expect(found.share).toBeLessThan(0.001);
    expect(isSame(found)).toBe(false);
  });

  it("is another when it is longer", () => {
    const { width, height, data } = page();
    const longer = { width, height: height + 1, data: Buffer.concat([data, new Uint8Array(4 * width)]) };
    expect(isSame(differenceOf(longer, page()))).toBe(false);
  });

  it("is the same when a processor rounds every soft edge otherwise", () => {
    const shown = page();
    const random = randomFor("edges", 1);
    const solid = new Set([GROUND, INK, ALARM, [221, 223, 226]].map((colour) => colour.join()));
    let edges = 0;
    for (let y = 0; y < SIZE.height; y++)
      for (let x = 0; x < SIZE.width; x++) {
        const colour = pixelAt(shown, x, y);
        if (solid.has(colour.join())) continue;
        edges++;
        const step = random() < 0.5 ? -1 : 1;
        shown.data.set(
          colour.map((level) => Math.min(255, Math.max(0, level + step))),
          4 * (y * SIZE.width + x),
        );
      }
    expect(edges).toBeGreaterThan(400);
    expect(differenceOf(shown, page())).toMatchObject({ share: 0, together: 0 });
  });

  it("is the same when single pixels, far from each other, are others", () => {
    const shown = page();
    for (let x = 20; x < SIZE.width; x += 32)
      for (let y = 300; y < SIZE.height; y += 32) shown.data.set([0, 0, 0], 4 * (y * SIZE.width + x));
    const found = differenceOf(shown, page());
    expect(found.places.length).toBe(80);
    expect(isSame(found)).toBe(true);
  });

  it("is shown pale, with what differs in red", () => {
    const shown = page({ iconX: 401 });
    const picture = marked(shown, differenceOf(shown, page()));
    expect(pixelAt(picture, 406, 100)).toEqual([255, 0, 0]);
    expect(pixelAt(picture, 0, 0)).toEqual([249, 249, 250]);
  });
});
