import { expect, it } from "vitest";
import { answer, compared, sayable } from "./answer";

const part = (id: string, role: "prompt" | "candidate" | "left" | "right") => ({ id, role, kind: "text" as const, text: id });
const QUESTION = { labels: [], config: {}, language: "", text: "", widthPx: 0, heightPx: 0, parts: [part("b", "candidate"), part("q", "prompt"), part("a", "candidate")] };

it("compares the candidates in the order that she sees, and nothing else", () => {
  expect(compared(QUESTION).map(({ id }) => id)).toEqual(["b", "a"]);
  expect(sayable(QUESTION)).toEqual(["b", "a", "same", "neither"]);
  expect(sayable({ ...QUESTION, parts: [part("r", "right"), part("l", "left")] })).toEqual(["r", "l", "same", "neither"]);
});

it("gives the part's own name, whatever its place on the screen, and asks for a choice before", () => {
  expect(() => answer.finish(answer.empty, QUESTION, true)).toThrow("pairwise.missing");
  expect(answer.finish({ chosen: "b" }, QUESTION, false)).toEqual({ chosen: "b" });
  expect(answer.finish(answer.start({ chosen: "same" }), QUESTION, false)).toEqual({ chosen: "same" });
  expect([answer.oneTap, answer.guess]).toEqual([true, "after"]);
});
