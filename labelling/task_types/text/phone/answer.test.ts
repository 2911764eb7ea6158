import { expect, it } from "vitest";
import { answer } from "./answer";
import { changesOf } from "./changes";

const QUESTION = { labels: [], config: {}, language: "zu", text: "", widthPx: 0, heightPx: 0 };
const sent = (text: string) => answer.finish({ text }, QUESTION, false);

it("takes out what was pasted in unseen, keeps lines, and puts accents together", () => {
  expect(sent(" umfula\u0000\nukhuphuke\t \ud800")).toEqual({ text: "umfula\nukhuphuke" });
  expect(sent("e\u0301")).toEqual({ text: "\u00e9" });
});

it.each([
  ["", "text.missing"],
  [" \n ", "text.missing"],
  ["\u0007", "text.missing"],
  ["a".repeat(5001), "text.too_long"],
])("refuses %j", (text, why) => {
  expect(() => sent(text)).toThrow(why);
});

it("counts letters, not halves of them", () => {
  expect(sent("\u{1F410}".repeat(5000)).text).toHaveLength(10_000);
});

it("is shown as she wrote it", () => {
  expect(answer.show({ text: "umfula" }, QUESTION)).toEqual({ words: "umfula", text: true });
});

const REWRITE = { ...QUESTION, config: { kind: "rewrite" as const }, text: "He go to the river." };

it("starts from the text that is rewritten, and asks again where nothing was changed", () => {
  expect(() => answer.finish(answer.empty, REWRITE, false)).toThrow("text.unchanged");
  expect(answer.finish(answer.empty, REWRITE, true)).toEqual({ text: "He go to the river." });
  expect(answer.show(answer.finish({ text: "He goes to a river." }, REWRITE, false), REWRITE).changes).toEqual([
    { kind: "same", text: "He " },
    { kind: "out", text: "go" },
    { kind: "in", text: "goes" },
    { kind: "same", text: " to " },
    { kind: "out", text: "the" },
    { kind: "in", text: "a" },
    { kind: "same", text: " river." },
  ]);
});

it("tells changes of a script without blanks by its letters, and both texts stand in them whole", () => {
  const changes = changesOf("今天天氣好", "今日天氣很好");
  const whole = (...kinds: string[]) =>
    changes
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ text }) => text)
      .join("");
  expect([whole("same", "out"), whole("same", "in")]).toEqual(["今天天氣好", "今日天氣很好"]);
  expect(whole("out")).toBe("天");
});
