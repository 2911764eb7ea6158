import { expect, it } from "vitest";
import { distance } from "@app/geometry/box";
import { placeOfLoupe } from "./painter";

it.each([
  [{ x: 100, y: 300 }, "above the finger"],
  [{ x: 40, y: 40 }, "in the other corner"],
  [{ x: 300, y: 60 }, "in the other corner"],
])("shows the loupe at %o %s, never under the hand", (aim) => {
  const place = placeOfLoupe(aim, { width: 360, height: 420 });
  expect(place.y).toBeLessThanOrEqual(Math.max(aim.y, 62)); // the hand comes from below
  expect(distance(place, aim)).toBeGreaterThan(58 + 24); // its rim and a finger's half width
});
