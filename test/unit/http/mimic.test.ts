import { describe, expect, it } from "vitest";
import type { Equipment } from "../../../src/domain/equipment.ts";
import { createMimics } from "../../../src/http/mimic.ts";
import type { MimicObject } from "../../../src/http/mimic-object.ts";

function equipmentOf(id: string, changes: Partial<Equipment> = {}): Equipment {
  return { id, title: id, area: "a", kind: "tank", running: null, tags: [], to: [], at: null, ...changes };
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function touches([x, y]: readonly [number, number], box: Box): boolean {
  return x >= box.x - 1 && x <= box.x + box.width + 1 && y >= box.y - 1 && y <= box.y + box.height + 1;
}

function isOblique(points: readonly (readonly [number, number])[]): boolean {
  return points.some(([x, y], index) => {
    const [nextX, nextY] = points[index + 1] ?? [x, y];
    return Math.abs(nextX - x) > 0.01 && Math.abs(nextY - y) > 0.01;
  });
}

function boxFaults({ width, height }: MimicObject, boxes: readonly Box[]): string[] {
  return boxes.flatMap((box, index) => {
    const isInside = box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;
    const isCovered = boxes.some((other, place) => place > index && overlap(box, other));
    return [
      ...(isInside ? [] : [`box ${index} is outside`]),
      ...(isCovered ? [`box ${index} is covered`] : []),
    ];
  });
}

/** What no drawing may have: boxes on each other or outside, lines that are not horizontal or vertical, or that end in the
 *  air. */
function faultsOf(drawing: MimicObject): string[] {
  const boxes: Box[] = [...drawing.equipment, ...drawing.links];
  const faults = boxFaults(drawing, boxes);
  for (const { from, to, points } of drawing.streams) {
    if (isOblique(points)) faults.push(`${from} → ${to} is oblique`);
    const ends = [points[0], points.at(-1)];
    if (!ends.every((end) => end !== undefined && boxes.some((box) => touches(end, box))))
      faults.push(`${from} → ${to} ends in the air`);
  }
  return faults;
}

const chain = Array.from({ length: 9 }, (_, index) =>
  equipmentOf(`T${index}`, { to: index < 8 ? [`T${index + 1}`] : ["OUT"] }),
);
const outside = [equipmentOf("IN", { area: "b", to: ["T0"] }), equipmentOf("OUT", { area: "c" })];

describe("a drawing without places", () => {
  it("is laid out in rows that fit a screen, with everything in it and every stream at a right angle", async () => {
    const drawing = await createMimics([...chain, ...outside]).of("a");
    expect(drawing?.equipment.map(({ id }) => id)).toEqual(chain.map(({ id }) => id));
    expect(drawing?.links.map(({ id, direction }) => [id, direction])).toEqual([
      ["OUT", "to"],
      ["IN", "from"],
    ]);
    expect(drawing?.streams).toHaveLength(10);
    expect(faultsOf(drawing as MimicObject)).toEqual([]);
    expect((drawing?.width ?? 0) / (drawing?.height ?? 1)).toBeLessThan(5);
  });

  it("is laid out once, and again asked for is the same", async () => {
    const mimics = createMimics([...chain, ...outside]);
    expect(await mimics.of("a")).toBe(await mimics.of("a"));
  });
});

describe("a drawing with places", () => {
  const mill = [
    equipmentOf("M1", { at: [0, 0], to: ["M2"] }),
    equipmentOf("M2", { at: [1, 0], to: ["SUMP"] }),
    equipmentOf("SUMP", { at: [1, 1], to: ["PUMP"] }),
    equipmentOf("PUMP", { at: [2, 1], to: ["CYCLONE"] }),
    equipmentOf("CYCLONE", { at: [2, 0], to: ["M1", "OUT"] }),
    equipmentOf("IN", { area: "b", to: ["M1"] }),
    equipmentOf("OUT", { area: "c" }),
  ];

  it("keeps them: same column, same row, and the way back goes over the top", async () => {
    const drawing = (await createMimics(mill).of("a")) as MimicObject;
    const box = (id: string): Box => drawing.equipment.find((one) => one.id === id) as Box;
    expect(box("M2").x).toBe(box("SUMP").x);
    expect(box("M1").y).toBe(box("CYCLONE").y);
    expect(box("PUMP").y).toBeGreaterThan(box("CYCLONE").y);
    expect(faultsOf(drawing)).toEqual([]);
    const back = drawing.streams.find(({ from, to }) => from === "CYCLONE" && to === "M1");
    expect(Math.min(...(back?.points ?? []).map(([, y]) => y))).toBeLessThan(box("M1").y);
  });
});

it("an area without equipment has no drawing", async () => {
  expect(await createMimics(chain).of("nowhere")).toBeNull();
});
