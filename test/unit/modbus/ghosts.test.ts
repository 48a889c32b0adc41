import { expect, test } from "vitest";
import { Ghosts } from "../../../src/drivers/modbus/ghosts.ts";
import type { Request } from "../../../src/drivers/modbus/request.ts";

const SETTLE_MS = 100;
const LIFE_MS = 1000;
const read = (address: number, quantity: number, unit = 1): Request => ({
  unit,
  functionCode: 3,
  address,
  quantity,
});

function owing(request: Request): Ghosts {
  const ghosts = new Ghosts(SETTLE_MS, LIFE_MS);
  ghosts.add(request, 0);
  return ghosts;
}

test("a reply of the same unit, function and length may not be asked for while one is owed", () => {
  const ghosts = owing(read(0, 10));
  expect(ghosts.standing(read(500, 10), 1)).toBe("wait");
  expect(ghosts.standing(read(500, 9), 1)).toBe("free");
  expect(ghosts.standing(read(500, 10, 2), 1)).toBe("free");
  expect(ghosts.standing({ ...read(500, 10), functionCode: 4 }, 1)).toBe("free");
});

test("it takes both the waiting and an answer of another shape", () => {
  const ghosts = owing(read(0, 10));
  expect(ghosts.standing(read(500, 10), SETTLE_MS)).toBe("resync");
  ghosts.settle(1);
  expect(ghosts.standing(read(500, 10), SETTLE_MS - 1)).toBe("wait");
  expect(ghosts.standing(read(500, 10), SETTLE_MS)).toBe("free");
});

test("without any answer the debt is forgotten in the end", () => {
  expect(owing(read(0, 10)).standing(read(0, 10), LIFE_MS + 1)).toBe("free");
});

test("another time-out begins the waiting anew", () => {
  const ghosts = owing(read(0, 10));
  ghosts.settle(1);
  ghosts.add(read(0, 4), 50);
  expect(ghosts.standing(read(0, 10), SETTLE_MS)).toBe("wait");
  expect(ghosts.standing(read(0, 10), 50 + SETTLE_MS)).toBe("resync");
});

test("the request of another shape is a shorter read of the same addresses, or the echo of a word", () => {
  const ghosts = owing(read(7, 3));
  expect(ghosts.otherShape(read(7, 3), 99)).toEqual(read(7, 2));
  ghosts.add(read(0, 2), 0);
  ghosts.add(read(0, 1), 0);
  expect(ghosts.otherShape(read(7, 3), 99)).toEqual({ unit: 1, functionCode: 8, address: 0, quantity: 99 });
});

test("bits that fill the same number of bytes have the same shape", () => {
  const coils = (quantity: number): Request => ({ unit: 1, functionCode: 1, address: 0, quantity });
  const ghosts = owing(coils(16));
  expect(ghosts.standing(coils(9), 1)).toBe("wait");
  expect(ghosts.otherShape(coils(16), 0).quantity).toBe(8);
});

test("a refusal while one of the same function is owed settles nothing, and leaves the refused request in doubt", () => {
  const ghosts = owing(read(0, 10));
  ghosts.noteRefusal(read(0, 9));
  expect(ghosts.standing(read(0, 9), SETTLE_MS)).toBe("resync");
});

test("a refusal of a function that owes none is an answer like any other", () => {
  const ghosts = owing(read(0, 1));
  ghosts.noteRefusal(ghosts.otherShape(read(0, 1), 99));
  expect(ghosts.standing(read(0, 1), SETTLE_MS)).toBe("free");
});
