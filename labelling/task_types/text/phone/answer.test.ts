import { expect, it } from "vitest";
import { answer } from "./answer";

const QUESTION = { labels: [], config: {}, language: "zu", text: "", widthPx: 0, heightPx: 0 };
const sent = (text: string) => answer.finish({ text }, QUESTION, false);

it("takes out what was pasted in unseen, keeps lines, and puts accents together", () => {
  expect(sent(" umfula\u0000\nukhuphuke\t \ud800")).toEqual({ text: "umfula\nukhuphuke" });
  expect(sent("e\u0301")).toEqual({ text: "\u00e9" });
});

it.each([["", "text.missing"], [" \n ", "text.missing"], ["\u0007", "text.missing"], ["a".repeat(5001), "text.too_long"]])("refuses %j", (text, why) => {
  expect(() => sent(text)).toThrow(why);
});

it("counts letters, not halves of them", () => {
  expect(sent("\u{1F410}".repeat(5000)).text).toHaveLength(10_000);
});

it("is shown as she wrote it", () => {
  expect(answer.show({ text: "umfula" }, QUESTION)).toEqual({ words: "umfula", text: true });
});
