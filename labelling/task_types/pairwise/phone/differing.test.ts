import { expect, it } from "vitest";
import { differing } from "./differing";

const told = (stretches: { text: string; own: boolean }[]) => stretches.map(({ text, own }) => (own ? `[${text.trim()}]` : text.trim())).join(" ");

it("marks the words that the other has not", () => {
  const [a, b] = differing("Keep the maize in a dry sack", "Keep the maize in a wet old sack")!;
  expect([told(a), told(b)]).toEqual(["Keep the maize in a [dry] sack", "Keep the maize in a [wet old] sack"]);
});

it("loses nothing of a text, its blanks neither", () => {
  const text = "  One\n\ntwo   three ";
  expect(
    differing(text, "One two four")![0]
      .map((one) => one.text)
      .join(""),
  ).toBe(text);
});

it("says nothing of texts that are hardly alike, empty or very long", () => {
  expect(differing("quite another thing", "Keep the maize dry")).toBeNull();
  expect(differing("", "x")).toBeNull();
  expect(differing("x ".repeat(601), "x ".repeat(601))).toBeNull();
});
