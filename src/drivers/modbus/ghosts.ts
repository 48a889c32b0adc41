import type { Request } from "./request.ts";
import {
  ECHO_BYTES,
  echoRequest,
  isEchoed,
  isWrite,
  REFUSAL_BIT,
  REFUSAL_BYTES,
  replyBytes,
} from "./request.ts";

/** Shapes that one unit can owe; a unit is asked for far fewer. */
const SHAPES_MAX = 256;

/** What one unit owes. */
interface Debt {
  readonly shapes: Set<string>;
  /** When the last of them should have come, on the monotonic clock. */
  since: number;
  /** The unit has answered a later request. */
  isPast: boolean;
}

/** Replies that units on a serial line still owe. RTU frames carry no transaction id, so a late reply looks like the reply to
 *  any later request of the same unit, function and length: its shape. A shape that is owed is not asked for until
 *  (1) as long has passed again as the reply had, and (2) the unit, which answers in the order it was asked, has
 *  answered a later request of another shape; or until so long has passed that it cannot come any more. */
export class Ghosts {
  readonly #settleMs: number;
  readonly #lifeMs: number;
  readonly #debts = new Map<number, Debt>();

  constructor(settleMs: number, lifeMs: number) {
    this.#settleMs = settleMs;
    this.#lifeMs = lifeMs;
  }

  /** The reply to this request has not come in time, and neither has its refusal. */
  add(request: Request, now: number): void {
    this.addShape(request.unit, shapeOf(request), now);
    this.addShape(request.unit, refusalShapeOf(request), now);
  }

  /** A frame of this shape came without being asked for, so its like may come again. */
  addShape(unit: number, shape: string, now: number): void {
    const debt = this.#debts.get(unit) ?? { shapes: new Set(), since: now, isPast: false };
    this.#debts.set(unit, debt);
    debt.since = Math.max(debt.since, now);
    debt.isPast = false;
    if (debt.shapes.size < SHAPES_MAX) debt.shapes.add(shape);
  }

  /** When every unit will have had its second chance to answer what it owes; -Infinity when none owes anything. */
  get settledAt(): number {
    let latest = -Infinity;
    for (const { since } of this.#debts.values()) latest = Math.max(latest, since);
    return latest + this.#settleMs;
  }

  owes(unit: number, shape: string): boolean {
    return this.#debts.get(unit)?.shapes.has(shape) ?? false;
  }

  /** Whether this request may be asked now (`free`), has to wait, or first needs the unit to answer `otherShape`. */
  standing(request: Request, now: number): "free" | "wait" | "resync" {
    const debt = this.#debts.get(request.unit);
    if (debt === undefined) return "free";
    const age = now - debt.since;
    if (age > this.#lifeMs || (debt.isPast && age >= this.#settleMs)) this.#debts.delete(request.unit);
    else if (debt.shapes.has(shapeOf(request))) return age < this.#settleMs ? "wait" : "resync";
    return "free";
  }

  /** The unit has answered a request of a shape that it did not owe: what it owed before will not come any more. */
  settle(unit: number): void {
    const debt = this.#debts.get(unit);
    if (debt !== undefined) debt.isPast = true;
  }

  /** The unit has refused this request. Where refusals of that function are owed it may have been one of those:
   *  then nothing is settled, and the reply to this request is owed as well. */
  noteRefusal(request: Request): void {
    const debt = this.#debts.get(request.unit);
    if (debt === undefined || debt.isPast) return;
    if (debt.shapes.has(refusalShapeOf(request))) debt.shapes.add(shapeOf(request));
    else debt.isPast = true;
  }

  /** A request whose reply cannot be mistaken for one that is owed: a shorter read of the same addresses,
   *  else the echo that the protocol has for testing. In place of a write always that: it changes nothing. */
  otherShape(request: Request, word: number): Request {
    if (isWrite(request)) return echoRequest(request.unit, word);
    for (let quantity = request.quantity - 1; quantity > 0; quantity--) {
      const shorter = { ...request, quantity };
      if (!this.owes(request.unit, shapeOf(shorter))) return shorter;
    }
    return echoRequest(request.unit, word);
  }
}

/** What tells a reply from others of the same unit: function and length; where they are echoed, address and word as well. */
export function shapeOf(request: Request): string {
  const { functionCode, address, quantity } = request;
  return isEchoed(functionCode)
    ? echoShape(functionCode, address, quantity)
    : readShape(functionCode, replyBytes(request));
}

function refusalShapeOf({ functionCode }: Request): string {
  return readShape(functionCode | REFUSAL_BIT, REFUSAL_BYTES);
}

function readShape(functionCode: number, bytes: number): string {
  return `${functionCode} ${bytes}`;
}

function echoShape(functionCode: number, address: number, word: number): string {
  return `${functionCode} echo ${address} ${word}`;
}

/** The shape of a frame that came. */
export function shapeOfFrame(view: DataView, at: number, length: number): string {
  const functionCode = view.getUint8(at + 1);
  return isEchoed(functionCode) && length === ECHO_BYTES
    ? echoShape(functionCode, view.getUint16(at + 2), view.getUint16(at + 4))
    : readShape(functionCode, length);
}
