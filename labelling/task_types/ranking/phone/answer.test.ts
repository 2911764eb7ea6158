import { expect, it } from "vitest";
import { answer, joined, placeOf, tapped, whole } from "./answer";

const part = (id: string, role: "prompt" | "candidate") => ({ id, role, kind: "text" as const, text: id });
const QUESTION = { labels: [], config: {}, language: "", text: "", widthPx: 0, heightPx: 0, parts: [part("q", "prompt"), part("b", "candidate"), part("a", "candidate"), part("c", "candidate")] };
const taps = (...ids: string[]) => ids.reduce(tapped, answer.empty);

it("gives places in the order of the taps; a second tap takes one back, and what stood behind moves up", () => {
  expect(taps("a", "b", "c").order).toEqual([["a"], ["b"], ["c"]]);
  const back = taps("a", "b", "c", "a");
  expect(back.order).toEqual([["b"], ["c"]]);
  expect([placeOf(back, "b"), placeOf(back, "a")]).toEqual([1, null]);
});

it("joins the last two that are alike, and nothing where there are not two", () => {
  expect(joined(taps("a", "b", "c")).order).toEqual([["a"], ["b", "c"]]);
  expect(joined(joined(taps("a", "b", "c"))).order).toEqual([["a", "b", "c"]]);
  expect(joined(taps("a")).order).toEqual([["a"]]);
});

it("takes the only one that is left for the last, and asks for more before", () => {
  expect(answer.finish(taps("a", "c"), QUESTION, false)).toEqual({ order: [["a"], ["c"], ["b"]] });
  expect(() => answer.finish(taps("a"), QUESTION, true)).toThrow("ranking.missing");
  expect(whole(taps("a"), ["a"]).order).toEqual([["a"]]);
  expect(answer.finish(answer.start({ order: [["a", "b"], ["c"]] }), QUESTION, false)).toEqual({ order: [["a", "b"], ["c"]] });
});
