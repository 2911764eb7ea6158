import { expect, it } from "vitest";
import { answer, meaningOf, moved } from "./answer";

const config = { scale: 7, low: { en: "Poor" }, high: { en: "Very good" } } as object;
const QUESTION = { labels: [], config, language: "", text: "", widthPx: 0, heightPx: 0 };
const SLIDER = { ...QUESTION, config: { scale: 100 } as object };

it("is no answer before she has rated", () => {
  expect(() => answer.finish(answer.empty, SLIDER, true)).toThrow("rating.missing");
  expect(answer.finish({ rating: 0 }, SLIDER, false)).toEqual({ rating: 0 });
});

it("goes by steps, from the middle, and not beyond the ends", () => {
  expect([moved(null, 1, SLIDER), moved(null, -1, SLIDER), moved(null, 1, QUESTION)]).toEqual([50, 50, 4]);
  expect([moved(100, 1, SLIDER), moved(0, -1, SLIDER), moved(1, -1, QUESTION), moved(6, 1, QUESTION)]).toEqual([100, 0, 1, 7]);
});

it("is shown with its scale, and at the ends with what they mean", () => {
  expect(answer.show({ rating: 7 }, QUESTION).words).toBe("7 / 7 · Very good");
  expect(answer.show({ rating: 3 }, QUESTION).words).toBe("3 / 7");
  expect([meaningOf(1, QUESTION), meaningOf(0, SLIDER)]).toEqual(["Poor", ""]);
});
