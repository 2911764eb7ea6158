import { beforeEach, expect, it, vi } from "vitest";
import { toImage } from "@app/geometry/viewport";
import { Stage, type Tool } from "./stage";

const IMAGE = { width: 640, height: 480 };
let nudged = true;
const tool = { down: vi.fn(), move: vi.fn(), up: vi.fn(), cancel: vi.fn(), tap: vi.fn(), looked: vi.fn(), paint: vi.fn(), nudge: vi.fn(() => nudged), still: [], aim: null } satisfies Tool;
let stage: Stage;

beforeEach(() => {
  vi.clearAllMocks();
  nudged = true;
  stage = new Stage(IMAGE, tool, () => undefined);
  stage.setScreen({ width: 320, height: 240 }); // half size: screen (x, y) is picture (2x, 2y)
});

it("tells the tool where a finger is on the picture, never beside it", () => {
  stage.down({ x: 10, y: 20 }, true);
  stage.moveTo({ x: 999, y: -5 });
  stage.up();
  expect(tool.down).toHaveBeenCalledWith({ at: { x: 20, y: 40 }, screen: { x: 10, y: 20 }, px: 2 });
  expect(tool.move).toHaveBeenCalledWith({ at: { x: 640, y: 0 }, screen: { x: 999, y: -5 }, px: 2 });
  expect(tool.up).toHaveBeenCalledOnce();
});

it("calls the tool off when a second finger comes, and never ends what was called off", () => {
  stage.down({ x: 100, y: 100 }, true);
  stage.pinchStart([
    { x: 100, y: 100 },
    { x: 120, y: 100 },
  ]);
  stage.pinchMove([
    { x: 80, y: 100 },
    { x: 160, y: 100 },
  ]);
  stage.up();
  expect(tool.cancel).toHaveBeenCalled();
  expect(tool.up).not.toHaveBeenCalled();
  expect(stage.view.scale).toBeCloseTo(2, 9);
  expect(tool.looked).toHaveBeenCalled();
});

it("moves the picture with the hand, and gives the tool only a finger that stood still", () => {
  stage.zoom(3);
  stage.setHand(true);
  const before = { ...stage.view };
  stage.down({ x: 100, y: 100 }, true);
  stage.moveTo({ x: 80, y: 90 });
  stage.up();
  expect([stage.view.x - before.x, stage.view.y - before.y]).toEqual([-20, -10]);
  expect(tool.tap).not.toHaveBeenCalled();
  stage.down({ x: 100, y: 100 }, true);
  stage.moveTo({ x: 103, y: 102 });
  stage.up();
  expect(tool.tap).toHaveBeenCalledOnce();
  expect(tool.down).not.toHaveBeenCalled();
});

it("gives arrow keys to the tool first, and moves the view when it has no use for them", () => {
  stage.zoom(3);
  const before = { ...stage.view };
  expect(stage.press("ArrowRight", 10)).toBe(true);
  expect(tool.nudge).toHaveBeenCalledWith(10, 0);
  expect(stage.view).toEqual(before);
  nudged = false;
  stage.press("ArrowRight", 1);
  expect(stage.view.x).toBe(before.x - 20);
  expect(stage.press("x", 1)).toBe(false);
});

it("says that she looked closely only when she did", () => {
  stage.press("-", 1);
  expect(tool.looked).not.toHaveBeenCalled();
  stage.press("+", 1);
  expect(tool.looked).toHaveBeenCalled();
});

it("knows the middle of what is seen, in the picture", () => {
  stage.zoom(4, { x: 0, y: 0 });
  const { x, y, width, height } = stage.middle;
  const seen = toImage(stage.view, { x: 160, y: 120 });
  expect([x + width / 2, y + height / 2]).toEqual([seen.x, seen.y]);
  expect(width).toBeCloseTo((0.3 * 320) / stage.view.scale, 9);
});

it("stays where she looks when the screen turns", () => {
  stage.zoom(4);
  const scale = stage.view.scale;
  stage.setScreen({ width: 500, height: 200 });
  expect(stage.view.scale).toBe(scale);
});
