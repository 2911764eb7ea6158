import { describe, expect, it } from "vitest";
import { drawnOn, stretchesOf, type Marked } from "./drawing";

const mark = (name: string, start: number, end: number): Marked => ({ kind: "span", label: { name, colour: "#000" }, start, end });
const told = (text: string, marks: Marked[]) => stretchesOf(text, marks).map((one) => [one.text, one.marks.map(({ label }) => label.name).join("+"), one.ended.length]);

describe("a text with marks", () => {
  it("is cut where marks begin and end, also where they lie over each other", () => {
    expect(told("abcdef", [mark("A", 1, 4), mark("B", 2, 6)])).toEqual([
      ["a", "", 0],
      ["b", "A", 0],
      ["cd", "A+B", 1],
      ["ef", "B", 1],
    ]);
  });

  it("counts code points: a goat before a name moves nothing", () => {
    expect(told("\u{1F410} Sipho", [mark("who", 2, 7)])).toEqual([
      ["\u{1F410} ", "", 0],
      ["Sipho", "who", 1],
    ]);
  });

  it("is whole without marks, and with marks that reach past its end", () => {
    expect(told("abc", [])).toEqual([["abc", "", 0]]);
    expect(told("abc", [mark("A", 1, 99)])).toEqual([
      ["a", "", 0],
      ["bc", "A", 1],
    ]);
  });
});

it("is drawn on what its shapes lie on, or nowhere", () => {
  expect(drawnOn({ words: "x" })).toBeNull();
  expect(drawnOn({ words: "x", shapes: [] })).toBeNull();
  expect(drawnOn({ words: "x", shapes: [mark("A", 0, 1)] })).toBe("text");
  expect(drawnOn({ words: "x", shapes: [{ kind: "point", label: { name: "a", colour: "#000" }, x: 1, y: 1 }] })).toBe("picture");
});
