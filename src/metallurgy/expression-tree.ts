import jsep from "jsep";
import { say, textOf } from "../domain/said.ts";
import type { Said } from "../domain/said.ts";
import { hinting } from "../domain/spelling.ts";

/** What is wrong with an expression, and the part of it that is meant. */
export interface ExpressionFault {
  readonly place: Said | string;
  readonly told: Said;
}

/** Ends the reading of an expression; never leaves this room. */
export class Misread extends Error {
  readonly code = "EXPRESSION";
  readonly fault: ExpressionFault;

  constructor(place: Said | string, told: Said, options?: ErrorOptions) {
    super(`${textOf(place)}: ${told.sentence}`, options);
    this.fault = { place, told };
  }
}

/** An expression as numbers, names, texts and applications; operators are functions of one or two arguments. */
export type Tree =
  | { readonly is: "number"; readonly value: number; readonly text: string }
  | { readonly is: "text"; readonly value: string; readonly text: string }
  | { readonly is: "input"; readonly name: string; readonly text: string }
  | {
      readonly is: "application";
      readonly of: string;
      readonly parts: readonly Tree[];
      readonly text: string;
    };

const CHARACTERS_MAX = 10_000;
const NODES_MAX = 1_000;
const DEPTH_MAX = 32;
const PLACE_MAX = 60;

/** Binary operators by how tightly they bind: a chain of one kind is as deep as its deepest part. */
const BINDING: ReadonlyMap<string, number> = new Map([
  ["||", 1],
  ["&&", 2],
  ["==", 3],
  ["!=", 3],
  ["<", 4],
  [">", 4],
  ["<=", 4],
  [">=", 4],
  ["+", 5],
  ["-", 5],
  ["*", 6],
  ["/", 6],
  ["**", 7],
]);
const UNARY: ReadonlySet<string> = new Set(["-", "+", "!"]);

/** Reads an expression; throws a `Misread` with the place. Nothing of it is run.
 *  At most 10,000 characters, 1,000 parts and 32 levels. */
export function readExpression(text: string): Tree {
  if (text.length > CHARACTERS_MAX) throw new Misread(shorten(text), say("expression-long"));
  checkNesting(text);
  const count = { nodes: 0 };
  return treeOf(parse(text), 1, count);
}

/** Before the parser, which descends once for every bracket. */
function checkNesting(text: string): void {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    if (depth > DEPTH_MAX) throw tooDeep(say("character-at", { index: index + 1 }));
  }
}

function tooDeep(place: Said | string): Misread {
  return new Misread(place, say("expression-deep", { most: DEPTH_MAX }));
}

function parse(text: string): jsep.Expression {
  try {
    return jsep(text);
  } catch (cause) {
    if (cause instanceof RangeError) throw tooDeep(shorten(text));
    const { index = 0, description = "cannot be read" } = cause as { index?: number; description?: string };
    const told = say("expression-unread", { parser: description.toLowerCase() });
    throw new Misread(say("character-at", { index: index + 1 }), told, { cause });
  }
}

interface Count {
  nodes: number;
}

/** The parser types what it finds by a word only; these are all the words that it has. */
function core(expression: jsep.Expression): jsep.CoreExpression {
  return expression as jsep.CoreExpression;
}

function treeOf(expression: jsep.Expression, depth: number, count: Count): Tree {
  const node = core(expression);
  if (++count.nodes > NODES_MAX)
    throw new Misread(say("whole-expression"), say("expression-parts", { most: NODES_MAX }));
  if (depth > DEPTH_MAX) throw tooDeep(shorten(sourceOf(node)));
  if (!isReadable(node)) throw refusalOf(node);
  switch (node.type) {
    case "Literal":
      return literal(node);
    case "Identifier":
      return { is: "input", name: node.name, text: node.name };
    case "UnaryExpression":
      return unary(node, depth, count);
    case "BinaryExpression":
      return binary(node, depth, count);
    case "CallExpression":
      return call(node, depth, count);
  }
}

type Readable =
  | jsep.Literal
  | jsep.Identifier
  | jsep.UnaryExpression
  | jsep.BinaryExpression
  | jsep.CallExpression;

const READABLE: ReadonlySet<string> = new Set<Readable["type"]>([
  "Literal",
  "Identifier",
  "UnaryExpression",
  "BinaryExpression",
  "CallExpression",
]);

function isReadable(node: jsep.CoreExpression): node is Readable {
  return READABLE.has(node.type);
}

function refusalOf(node: jsep.CoreExpression): Misread {
  if (node.type === "ConditionalExpression") return new Misread("?", say("no-conditional"));
  if (node.type === "Compound" || node.type === "SequenceExpression")
    return new Misread(say("whole-expression"), say("expression-not-one"));
  return new Misread(shorten(sourceOf(node)), say("only-numbers"));
}

function literal({ value, raw }: jsep.Literal): Tree {
  if (typeof value === "string") return { is: "text", value, text: shorten(raw) };
  if (typeof value === "number" && Number.isFinite(value)) return { is: "number", value, text: shorten(raw) };
  throw new Misread(shorten(raw), say("literal-no-number"));
}

function unary({ operator, argument }: jsep.UnaryExpression, depth: number, count: Count): Tree {
  const part = treeOf(argument, depth + 1, count);
  const text = shorten(`${operator}${part.text}`);
  if (!UNARY.has(operator)) throw new Misread(text, say("no-operator", { operator }));
  return { is: "application", of: `unary ${operator}`, parts: [part], text };
}

function binary({ operator, left, right }: jsep.BinaryExpression, depth: number, count: Count): Tree {
  const binding = BINDING.get(operator);
  const first = core(left);
  const isChain = first.type === "BinaryExpression" && BINDING.get(first.operator) === binding;
  const a = treeOf(left, isChain ? depth : depth + 1, count);
  const b = treeOf(right, depth + 1, count);
  const text = shorten(`${bracketed(a, binding)} ${operator} ${bracketed(b, binding)}`);
  if (binding === undefined) {
    const hint = operator === "^" ? say("power-is-written") : null;
    throw new Misread(text, hinting(say("no-operator", { operator }), hint));
  }
  if (operator === "**" && first.type === "UnaryExpression") throw new Misread(text, say("power-of-sign"));
  return { is: "application", of: operator, parts: [a, b], text };
}

/** A part that binds less tightly than what it stands in. */
function bracketed(part: Tree, binding = 0): string {
  const own = part.is === "application" ? BINDING.get(part.of) : undefined;
  return own !== undefined && own < binding ? `(${part.text})` : part.text;
}

function call({ callee, arguments: given }: jsep.CallExpression, depth: number, count: Count): Tree {
  const called = core(callee);
  if (called.type !== "Identifier") throw new Misread(shorten(sourceOf(called)), say("no-function-here"));
  const { name } = called;
  const parts = given.map((argument) => treeOf(argument, depth + 1, count));
  const text = shorten(`${name}(${parts.map((part) => part.text).join(", ")})`);
  return { is: "application", of: name, parts, text };
}

/** Something to show of what is refused unread. */
function sourceOf(node: jsep.CoreExpression): string {
  if (node.type === "Identifier") return node.name;
  if (node.type === "Literal") return node.raw;
  if (node.type === "ThisExpression") return "this";
  if (node.type === "CallExpression") return `${sourceOf(core(node.callee))}(…)`;
  return node.type === "MemberExpression"
    ? `${sourceOf(core(node.object))}${node.computed ? "[…]" : `.${sourceOf(core(node.property))}`}`
    : "…";
}

export function shorten(text: string): string {
  return text.length <= PLACE_MAX ? text : `${text.slice(0, PLACE_MAX - 1)}…`;
}
