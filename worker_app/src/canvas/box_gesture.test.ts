import { beforeEach, describe, expect, it } from "vitest";
import { BoxGesture, holds } from "./box_gesture";
import type { Spot } from "./stage";

const IMAGE = { width: 640, height: 480 };
const BOX = { x: 100, y: 100, width: 200, height: 100 };
/** Where a finger is; px: pixels of the picture in one of the screen. */
const spot = (x: number, y: number, px = 1): Spot => ({ at: { x, y }, screen: { x: x / px, y: y / px }, px });
let gesture: BoxGesture;
beforeEach(() => void (gesture = new BoxGesture(IMAGE)));

describe("a finger that sets a point", () => {
  it("sets it where it lifts: under the loupe she looks for the place", () => {
    gesture.point(spot(10, 10));
    gesture.move(spot(30, 20), true);
    expect(gesture.aim(null)).toEqual({ x: 30, y: 20 });
    expect(gesture.up()).toEqual({ kind: "point", at: { x: 30, y: 20 } });
  });

  it("draws a box once it goes far, but not where points are set already", () => {
    gesture.point(spot(10, 10));
    gesture.move(spot(90, 60), true);
    expect(gesture.drawn).toEqual({ x: 10, y: 10, width: 80, height: 50 });
    expect(gesture.up()).toEqual({ kind: "drawn", rect: { x: 10, y: 10, width: 80, height: 50 } });
    gesture.point(spot(10, 10));
    gesture.move(spot(90, 60), false);
    expect(gesture.up()).toEqual({ kind: "point", at: { x: 90, y: 60 } });
  });

  it("measures how far by the screen, not by the picture", () => {
    gesture.point(spot(10, 10, 4));
    gesture.move(spot(200, 10, 4), true); // 190 pixels of the picture, 48 of the screen
    expect(gesture.drawn).toBeNull();
  });
});

describe("a finger that draws", () => {
  it("draws in any direction, within the picture, in whole pixels", () => {
    gesture.draw(spot(90.4, 60));
    gesture.move(spot(-20, 10), true);
    expect(gesture.drawn).toEqual({ x: 0, y: 10, width: 90, height: 50 });
  });

  it("has drawn nothing when it comes back to where it began", () => {
    gesture.draw(spot(90, 60));
    gesture.move(spot(300, 300), true);
    gesture.move(spot(92, 61), true);
    expect(gesture.up()).toMatchObject({ kind: "tap", spot: { at: { x: 92, y: 61 } } });
  });
});

describe("a finger that takes hold of a box", () => {
  it("moves it by as much as it goes itself, from wherever it took hold", () => {
    gesture.takeHold(BOX, spot(200, 150));
    gesture.move(spot(230, 140), true);
    expect(gesture.moved(BOX)).toEqual({ ...BOX, x: 130, y: 90 });
    expect(gesture.up()).toEqual({ kind: "moved", handle: null });
  });

  it("sizes it by the corner that is near, and aims at the corner, not at the finger", () => {
    gesture.takeHold(BOX, spot(310, 205)); // 10 px beside the corner at (300, 200)
    gesture.move(spot(330, 225), true);
    expect(gesture.moved(BOX)).toEqual({ ...BOX, width: 220, height: 120 });
    expect(gesture.aim(BOX)).toEqual({ x: 320, y: 220 });
    expect(gesture.up()).toEqual({ kind: "moved", handle: "se" });
  });

  it("leaves it where it is for a tap that trembles", () => {
    gesture.takeHold(BOX, spot(200, 150));
    gesture.move(spot(203, 152), true);
    expect([gesture.moved(BOX), gesture.aim(BOX)]).toEqual([null, null]);
    gesture.move(spot(230, 150), true);
    gesture.move(spot(201, 150), true); // meant by now, also close to where it began
    expect(gesture.moved(BOX)).toEqual({ ...BOX, x: 101 });
  });

  it("keeps it in the picture", () => {
    gesture.takeHold(BOX, spot(200, 150));
    gesture.move(spot(5000, 5000), true);
    expect(gesture.moved(BOX)).toEqual({ ...BOX, x: 440, y: 380 });
  });

  it("finds the middle of a small box, whose corners would cover it", () => {
    const small = { x: 100, y: 100, width: 24, height: 24 };
    gesture.takeHold(small, spot(112, 112));
    gesture.move(spot(132, 112), true);
    expect(gesture.moved(small)).toEqual({ ...small, x: 120 });
  });
});

it("takes hold within a box and a thumb's reach around its handles, no farther", () => {
  expect([spot(150, 150), spot(90, 90), spot(315, 150)].map((one) => holds(BOX, one))).toEqual([true, true, true]);
  expect([spot(60, 100), spot(130, 60), spot(340, 150)].map((one) => holds(BOX, one))).toEqual([false, false, false]);
});

it("holds nothing after it was called off, nor before it came down", () => {
  gesture.move(spot(1, 1), true);
  expect(gesture.up()).toBeNull();
  gesture.takeHold(BOX, spot(200, 150));
  gesture.move(spot(260, 150), true);
  gesture.cancel();
  expect([gesture.moved(BOX), gesture.up()]).toEqual([null, null]);
});
