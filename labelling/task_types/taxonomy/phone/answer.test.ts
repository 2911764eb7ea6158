import { expect, it } from "vitest";
import { answer } from "./answer";
import { pathOf, search, treeOf } from "./tree";

const tree = [
  ["clothes", 0, "Clothes"],
  ["shirts", 1, "Shirts"],
  ["tees", 2, "T-shirts"],
  ["food", 0, "Food"],
  ["creme", 1, "Crème brûlée"],
  ["bread", 1, "Bread"],
];
const QUESTION = { labels: [], config: { tree } as object, language: "", text: "", widthPx: 0, heightPx: 0 };

it("is a node at any depth, and asks for one before", () => {
  expect(() => answer.finish(answer.empty, QUESTION, true)).toThrow("taxonomy.missing");
  expect(() => answer.finish({ at: "clothes", label: null }, QUESTION, true)).toThrow("taxonomy.further");
  expect(answer.finish({ at: "clothes", label: "clothes" }, QUESTION, false)).toEqual({ label: "clothes" });
});

it("is shown by its path, and as it was sent when the tree has it no more", () => {
  expect(answer.show({ label: "tees" }, QUESTION).words).toBe("Clothes › Shirts › T-shirts");
  expect(answer.show({ label: "gone" }, QUESTION).words).toBe("gone");
});

it("counts the leaves of each node", () => {
  const { top } = treeOf(QUESTION);
  expect(top.map(({ id, leaves }) => [id, leaves])).toEqual([
    ["clothes", 1],
    ["food", 2],
  ]);
});

it("finds without accents and capitals, by words of the path too, own names first", () => {
  const found = (words: string) => search(treeOf(QUESTION), words, 9).map(({ id }) => id);
  expect(found("CREME bru")).toEqual(["creme"]);
  expect(found("shirts")).toEqual(["shirts", "tees"]);
  expect(found("clothes t-sh")).toEqual(["tees"]);
  expect([found("  "), found("zebra")]).toEqual([[], []]);
});

it("reads 5,000 nodes and finds in them", () => {
  const many = Array.from({ length: 5000 }, (_, k) => [`n${k}`, k % 10 ? 1 : 0, `Name ${k}`]);
  const question = { ...QUESTION, config: { tree: many } as object };
  expect(treeOf(question).byId.size).toBe(5000);
  expect(search(treeOf(question), "name 4999", 9).map(pathOf)).toEqual(["Name 4990 › Name 4999"]);
});
