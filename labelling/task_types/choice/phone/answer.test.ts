import { expect, it } from "vitest";
import { answer, pushedTo } from "./answer";

const QUESTION = { labels: [{ id: "good", name: { en: "Good", zu: "Kuhle" } }], config: {}, language: "", text: "It was", widthPx: 0, heightPx: 0 };

it("gives the label that she chose, and asks for one before", () => {
  expect(() => answer.finish(answer.empty, QUESTION, true)).toThrow("choice.missing");
  expect(answer.finish({ label: "good" }, QUESTION, false)).toEqual({ label: "good" });
  expect(answer.finish(answer.start({ label: "good" }), QUESTION, false)).toEqual({ label: "good" });
});

it("is shown by its name, or, when the question has it no more, as it was sent", () => {
  expect(answer.show({ label: "good" }, QUESTION)).toEqual({ words: "Good" });
  expect(answer.show({ label: "old" }, QUESTION)).toEqual({ words: "old" });
});

it("can be one tap, and a guess never leads it", () => {
  expect([answer.oneTap, answer.guess]).toEqual([true, "after"]);
});

it("is a card that was pushed far enough, and clearly to one side", () => {
  expect([pushedTo(-100, 10, 360, false), pushedTo(95, -40, 360, true), pushedTo(20, -120, 360, true)]).toEqual(["left", "right", "up"]);
  expect([pushedTo(80, 0, 360, true), pushedTo(100, -140, 360, false), pushedTo(0, 140, 360, true)]).toEqual([null, null, null]);
});
