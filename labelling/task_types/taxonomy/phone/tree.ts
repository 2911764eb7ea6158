/** The project's tree on the phone: rows `[id, depth, name, name in isiZulu?]` in the order of a table of contents (labelling/task_types/tree.py). */
import { pick } from "@app/i18n";
import type { Question } from "@app/app/widget";

export type Node = { id: string; name: string; folded: string; parent: Node | null; children: Node[]; leaves: number };
type Row = [id: string, depth: number, en: string, zu?: string];
export type Tree = { top: Node[]; byId: Map<string, Node> };

/** Capitals and accents are no part of what she looks for. */
export const folded = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const grown = new WeakMap<object, { words: string; tree: Tree }>();

/** Once for each tree and language: 5,000 nodes are read in some 20 ms. */
export function treeOf(question: Question): Tree {
  const rows = ((question.config as { tree?: unknown[] }).tree ?? []) as Row[];
  const words = pick({ en: "en", zu: "zu" });
  const known = grown.get(rows);
  if (known?.words === words) return known.tree;
  const tree = grow(rows);
  grown.set(rows, { words, tree });
  return tree;
}

function grow(rows: Row[]): Tree {
  const tree: Tree = { top: [], byId: new Map() };
  const above: Node[] = [];
  for (const [id, depth, en, zu] of rows) {
    const name = zu ? pick({ en, zu }) : en;
    const parent = depth ? above[depth - 1]! : null;
    const node: Node = { id, name, folded: folded(name), parent, children: [], leaves: 0 };
    (parent ? parent.children : tree.top).push(node);
    tree.byId.set(id, node);
    above.length = depth;
    above.push(node);
  }
  for (const node of tree.byId.values()) if (!node.children.length) for (let one: Node | null = node; one; one = one.parent) one.leaves += 1;
  return tree;
}

/** From the top down to the node. */
export function pathTo(node: Node | null): Node[] {
  const path: Node[] = [];
  for (let one = node; one; one = one.parent) path.unshift(one);
  return path;
}

export const pathOf = (node: Node): string =>
  pathTo(node)
    .map(({ name }) => name)
    .join(" › ");

/** Nodes whose name, with those above it, has every word; such whose own name begins so come first. */
export function search(tree: Tree, words: string, most: number): Node[] {
  const wanted = folded(words).split(/\s+/).filter(Boolean);
  if (!wanted.length) return [];
  const found: [rank: number, node: Node][] = [];
  for (const node of tree.byId.values()) {
    if (!wanted.some((word) => node.folded.includes(word))) continue;
    const whole = pathTo(node)
      .map((one) => one.folded)
      .join(" ");
    if (wanted.every((word) => whole.includes(word))) found.push([node.folded.startsWith(wanted[0]!) ? 0 : 1, node]);
  }
  return found
    .sort(([a], [b]) => a - b)
    .slice(0, most)
    .map(([, node]) => node);
}
