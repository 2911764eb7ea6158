import { expect, test } from "vitest";
import { doneShare, worthTelling } from "./told";

const news = { settled: 0, confirmed: 0, earned_micro: 0, currency: "USD", until: "2030-01-01T00:00:00Z" };

test("a field fills up to the goal and not beyond, and without a goal there is none", () => {
  expect(doneShare(20, 5)).toBe(0.25);
  expect(doneShare(20, 31)).toBe(1);
  expect(doneShare(0, 31)).toBeNull();
  expect(doneShare(undefined, 31)).toBeNull(); // what an older version of the app remembered
});

test("news is what was settled or a new level, and nothing else", () => {
  expect(worthTelling(news, 3, 3)).toBeNull();
  expect(worthTelling(news, 3, 4)).toEqual({ news, level: 4 });
  expect(worthTelling({ ...news, settled: 2 }, 3, 3)).toEqual({ news: { ...news, settled: 2 }, level: null });
  expect(worthTelling(news, 4, 3)).toBeNull(); // a level is never taken; should it look so, nothing is said
});
