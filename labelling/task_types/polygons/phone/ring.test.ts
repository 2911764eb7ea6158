import { describe, expect, it } from "vitest";
import type { Point } from "@app/geometry/box";
import { areaOf, cornerAt, covers, distanceToSide, faultOf, settle, shifted, sideAt, simplified, untangled, type Ring } from "./ring";

const ring = (...points: [number, number][]): Ring => points.map(([x, y]) => ({ x, y }));
const SQUARE = ring([0, 0], [10, 0], [10, 10], [0, 10]);
const IMAGE = { width: 100, height: 80 };

/** The same numbers in every run. */
function chance(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
}

describe("what is no outline", () => {
  it.each([
    ["two corners", ring([0, 0], [5, 5]), "few"],
    ["a line", ring([0, 0], [5, 5], [9, 9]), "flat"],
    ["a bow tie", ring([0, 0], [10, 8], [10, 0], [0, 10]), "crosses"],
    ["a bow tie with loops of one size", ring([0, 0], [10, 10], [10, 0], [0, 10]), "flat"],
    ["a corner on another side", ring([0, 0], [10, 0], [10, 10], [5, 0], [0, 10]), "crosses"],
    ["a corner twice", ring([0, 0], [5, 5], [10, 0], [10, 10], [5, 5], [0, 10]), "crosses"],
    ["a spike that goes back on itself", ring([0, 0], [10, 0], [10, 10], [20, 10], [10, 10], [0, 10]), "crosses"],
    ["a square", SQUARE, null],
    ["a square the other way round", [...SQUARE].reverse(), null],
    ["a corner in the middle of a side", ring([0, 0], [5, 0], [10, 0], [10, 10], [0, 10]), null],
    ["a horseshoe", ring([0, 0], [10, 0], [10, 10], [7, 10], [7, 3], [3, 3], [3, 10], [0, 10]), null],
  ])("%s: %s", (_, points, fault) => {
    expect(faultOf(points)).toBe(fault);
  });
});

it("knows area, inside and outside, also in a hollow", () => {
  const horseshoe = ring([0, 0], [10, 0], [10, 10], [7, 10], [7, 3], [3, 3], [3, 10], [0, 10]);
  expect(areaOf(horseshoe)).toBe(100 - 4 * 7);
  expect(
    [
      { x: 1, y: 9 },
      { x: 5, y: 9 },
      { x: 5, y: 1 },
      { x: 11, y: 1 },
    ].map((at) => covers(horseshoe, at)),
  ).toEqual([true, false, true, false]);
});

it("settles on whole pixels inside the picture, without corners that fall together", () => {
  expect(settle(ring([-3, 1.4], [99.6, 1.2], [100.4, 0.8], [50, 99]), IMAGE)).toEqual(ring([0, 1], [100, 1], [50, 80]));
  expect(settle(ring([3.2, 4.4]), IMAGE)).toEqual(ring([3, 4]));
});

it("stops at the picture's edge, as it is", () => {
  expect(shifted(SQUARE, -5, 100, IMAGE)).toEqual(ring([0, 70], [10, 70], [10, 80], [0, 80]));
});

it("finds the nearest corner and side in reach", () => {
  expect([cornerAt(SQUARE, { x: 9, y: 2 }, 3), cornerAt(SQUARE, { x: 5, y: 5 }, 3)]).toEqual([1, -1]);
  expect([sideAt(SQUARE, { x: 5, y: 9 }, 2), sideAt(SQUARE, { x: 1, y: 5 }, 2), sideAt(SQUARE, { x: 5, y: 5 }, 2)]).toEqual([2, 3, -1]);
});

describe("a traced line", () => {
  const random = chance(7);
  const circle = Array.from({ length: 400 }, (_, k) => ({ x: 50 + 30 * Math.cos(k / 64) + random(), y: 40 + 30 * Math.sin(k / 64) + random() }));

  it("has few corners, and none that was left out lies far from it", () => {
    const few = simplified(circle, 1.5, 60);
    expect(few.length).toBeLessThan(40);
    const away = (point: Point) => Math.min(...few.slice(1).map((to, k) => distanceToSide(point, few[k]!, to)));
    expect(Math.max(...circle.map(away))).toBeLessThanOrEqual(1.5);
  });

  it("never has more corners than allowed", () => {
    expect(simplified(circle, 0.01, 12).length).toBeLessThanOrEqual(12);
  });

  it("loses its small loop and keeps the large one", () => {
    const crossed = ring([0, 0], [60, 0], [60, 60], [0, 60], [0, 4], [6, -6]); // ends beyond its beginning
    const mended = untangled(crossed);
    expect(faultOf(mended)).toBeNull();
    expect(areaOf(mended)).toBeGreaterThan(0.9 * 3600);
  });

  it("is an outline whatever she scribbled, or too little to be one", () => {
    const numbers = chance(42);
    for (let round = 0; round < 200; round++) {
      const scribble = settle(
        Array.from({ length: 5 + Math.floor(numbers() * 25) }, () => ({ x: numbers() * 100, y: numbers() * 80 })),
        IMAGE,
      );
      expect(["few", "flat", null]).toContain(faultOf(untangled(scribble)));
    }
  });
});
