import type { CDPSession, Page } from "playwright-core";

interface TreeNode {
  readonly nodeId: number;
  readonly nodeType: number;
  readonly nodeName: string;
  readonly nodeValue: string;
  readonly children?: readonly TreeNode[];
  readonly shadowRoots?: readonly TreeNode[];
}

const TEXT = 3;

/** Shapes of the priorities in a report, which is a document of its own too and is read on any machine. */
const PRIORITY = /[■▲◆●]/u;

/** Elements with text of their own, in the document and in what is shut off in it. */
function withText(node: TreeNode): TreeNode[] {
  const { children = [], shadowRoots = [] } = node;
  const isOwn = children.some(({ nodeType, nodeValue }) => nodeType === TEXT && /\S/u.test(nodeValue));
  return [...(isOwn ? [node] : []), ...[...children, ...shadowRoots].flatMap(withText)];
}

async function foreignOf(devtools: CDPSession, node: TreeNode): Promise<string[]> {
  const text = (node.children ?? [])
    .map(({ nodeValue }) => nodeValue)
    .join("")
    .trim();
  if (PRIORITY.test(text)) return [];
  const { fonts } = await devtools.send("CSS.getPlatformFontsForNode", { nodeId: node.nodeId });
  const foreign = fonts.filter(({ isCustomFont }) => !isCustomFont);
  return foreign.map(
    ({ familyName }) => `${node.nodeName.toLowerCase()} in ${familyName}: ${text.slice(0, 80)}`,
  );
}

/** Texts that need a font of this machine, and look otherwise on another. */
export async function foreignTexts(page: Page): Promise<string[]> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("DOM.enable");
  await devtools.send("CSS.enable");
  const { root } = await devtools.send("DOM.getDocument", { depth: -1, pierce: true });
  const found = await Promise.all(withText(root).map((node) => foreignOf(devtools, node)));
  await devtools.detach();
  return [...new Set(found.flat())];
}
