import { expect, it } from "vitest";
import { moved, transformOf, WHOLE, zoomed } from "./view";

it("keeps the place under the fingers where it is", () => {
  const at = { x: 0.25, y: -0.1 };
  const view = zoomed(WHOLE, 2, at);
  const inPicture = (place: number, middle: number, scale: number) => (place - middle) / scale;
  expect(inPicture(at.x, view.x, view.scale)).toBeCloseTo(at.x);
  expect(inPicture(at.y, view.y, view.scale)).toBeCloseTo(at.y);
});

it("shows nothing but picture, and is whole again where it was", () => {
  expect(moved(WHOLE, 0.5, 0.5)).toEqual(WHOLE);
  expect(moved(zoomed(WHOLE, 2), 9, -9)).toEqual({ scale: 2, x: 0.5, y: -0.5 });
  expect(zoomed(moved(zoomed(WHOLE, 4), 1, 1), 0.01)).toEqual(WHOLE);
  expect(zoomed(WHOLE, 1000).scale).toBe(8);
  expect(transformOf({ scale: 2, x: 0.5, y: 0 })).toBe("translate(50%, 0%) scale(2)");
});
