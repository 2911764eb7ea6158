import { describe, expect, it } from "vitest";
import { handleAt, move, rectOfPoints, resize, settle, smallestAt } from "./box";
import { fit, isZoomed, opening, pan, pinch, toImage, toScreen, zoomAt } from "./viewport";

const IMAGE = { width: 640, height: 480 };
const SCREEN = { width: 320, height: 400 };

describe("boxes in whole pixels of the original", () => {
  it("spans four extreme taps in any order", () => {
    const taps = [
      { x: 50, y: 90 },
      { x: 10, y: 40 },
      { x: 30, y: 20 },
      { x: 80, y: 60 },
    ];
    expect(rectOfPoints(taps)).toEqual({ x: 10, y: 20, width: 70, height: 70 });
  });

  it("settles on whole pixels inside the picture, at least one wide and high", () => {
    expect(settle({ x: -5.4, y: 470.2, width: 700, height: 30 }, IMAGE)).toEqual({ x: 0, y: 470, width: 640, height: 10 });
    expect(settle({ x: 640, y: 480, width: 0, height: 0 }, IMAGE)).toEqual({ x: 639, y: 479, width: 1, height: 1 });
    expect(settle({ x: 10.5, y: 10.4, width: 4.2, height: 4.2 }, IMAGE)).toEqual({ x: 11, y: 10, width: 4, height: 5 });
  });

  it("stops at the edge when moved, keeping its size", () => {
    const box = { x: 600, y: 10, width: 30, height: 20 };
    expect(move(box, 50, -50, IMAGE)).toEqual({ x: 610, y: 0, width: 30, height: 20 });
  });

  it("turns over when a side is pulled past the other", () => {
    const box = { x: 100, y: 100, width: 50, height: 50 };
    expect(resize(box, "e", { x: 80, y: 0 }, IMAGE)).toEqual({ x: 80, y: 100, width: 20, height: 50 });
    expect(resize(box, "nw", { x: 90, y: 95 }, IMAGE)).toEqual({ x: 90, y: 95, width: 60, height: 55 });
  });

  it("finds corners before sides, and the smallest box first", () => {
    const box = { x: 100, y: 100, width: 20, height: 20 };
    expect(handleAt(box, { x: 118, y: 118 }, 12)).toBe("se");
    expect(handleAt(box, { x: 300, y: 118 }, 12)).toBeNull();
    expect(smallestAt([{ x: 0, y: 0, width: 400, height: 400 }, box], { x: 110, y: 110 })).toBe(1);
    expect(smallestAt([box], { x: 10, y: 10 })).toBe(-1);
  });
});

describe("the view", () => {
  it("fits the picture and centres it", () => {
    expect(fit(IMAGE, SCREEN)).toEqual({ scale: 0.5, x: 0, y: 80 });
  });

  it("goes to the screen and back", () => {
    const view = { scale: 1.7, x: -33, y: 12 };
    const there = toScreen(view, { x: 123, y: 456 });
    expect(toImage(view, there).x).toBeCloseTo(123, 9);
    expect(toImage(view, there).y).toBeCloseTo(456, 9);
  });

  it("keeps the point under the finger when zooming", () => {
    const view = fit(IMAGE, SCREEN);
    const at = { x: 160, y: 200 };
    const zoomed = zoomAt(view, 3, at, IMAGE, SCREEN);
    expect(zoomed.scale).toBeCloseTo(1.5, 9);
    expect(toImage(zoomed, at)).toEqual(toImage(view, at));
    expect(isZoomed(zoomed, IMAGE, SCREEN)).toBe(true);
    expect(isZoomed(view, IMAGE, SCREEN)).toBe(false);
  });

  it("never zooms out beyond the fit, nor without end", () => {
    expect(zoomAt(fit(IMAGE, SCREEN), 0.1, { x: 0, y: 0 }, IMAGE, SCREEN)).toEqual(fit(IMAGE, SCREEN));
    expect(zoomAt(fit(IMAGE, SCREEN), 1000, { x: 0, y: 0 }, IMAGE, SCREEN).scale).toBe(6);
  });

  it("cannot be pushed off the screen", () => {
    const zoomed = zoomAt(fit(IMAGE, SCREEN), 4, { x: 0, y: 80 }, IMAGE, SCREEN);
    expect(pan(zoomed, 999, 999, IMAGE, SCREEN)).toEqual({ scale: 2, x: 0, y: 0 });
    expect(pan(zoomed, -9999, -9999, IMAGE, SCREEN)).toEqual({ scale: 2, x: 320 - 1280, y: 400 - 960 });
  });

  it("pinches about the middle of two fingers", () => {
    const from: [{ x: number; y: number }, { x: number; y: number }] = [
      { x: 100, y: 200 },
      { x: 200, y: 200 },
    ];
    const to: typeof from = [
      { x: 50, y: 200 },
      { x: 250, y: 200 },
    ];
    const view = fit(IMAGE, SCREEN);
    const pinched = pinch(view, from, to, IMAGE, SCREEN);
    expect(pinched.scale).toBeCloseTo(1, 9);
    expect(toImage(pinched, { x: 150, y: 200 }).x).toBeCloseTo(toImage(view, { x: 150, y: 200 }).x, 9);
  });
});

describe("how a picture is first seen", () => {
  it("whole, as long as something is seen of it", () => {
    for (const image of [IMAGE, { width: 480, height: 1500 }, { width: 90, height: 90 }]) expect(opening(image, SCREEN)).toEqual(fit(image, SCREEN));
  });

  it("from its beginning, as wide as the screen, when it is a strip", () => {
    expect(fit({ width: 400, height: 29000 }, SCREEN).scale * 400).toBeLessThan(6); // what it was: a hair
    expect(opening({ width: 400, height: 29000 }, SCREEN)).toEqual({ scale: 0.8, x: 0, y: 0 });
    expect(opening({ width: 30000, height: 300 }, SCREEN)).toEqual({ scale: 1, x: 0, y: 50 });
  });
});
