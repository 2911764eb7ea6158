import { beforeEach, expect, it, vi } from "vitest";
import type { Point, Rect } from "@app/geometry/box";
import { nothingDrawn, ShapesTool, type Labelled } from "./shapes_tool";
import type { Spot } from "./stage";

/** The plainest shape: a square around a point, set where a finger lands. */
type Dot = Labelled & Point;
class DotTool extends ShapesTool<Dot> {
  readonly aim = null;
  readonly handleAt = -1;
  get shown(): Dot[] {
    return this.draft.shapes;
  }
  down({ at }: Spot): void {
    this.add({ ...at, label: this.label });
  }
  move(): void {}
  up(): void {}
  cancel(): void {}
  nudge(): boolean {
    return false;
  }
  addInTheMiddle({ x, y }: Rect): void {
    this.add({ x, y, label: this.label });
  }
  begin(point: Point): void {
    this.commit({ ...this.draft, points: [point] }, "step");
  }
  protected boundsOf({ x, y }: Dot): Rect {
    return { x: x - 5, y: y - 5, width: 10, height: 10 };
  }
  protected trace(path: Path2D, { x, y }: Dot): void {
    path.rect(x, y, 1, 1);
  }
  protected handlesOf({ x, y }: Dot): Point[] {
    return [{ x, y }];
  }
}

const hooks = { change: vi.fn(), repaint: vi.fn(), say: vi.fn(), refuse: vi.fn() };
let tool: DotTool;
let strokes: { paths: number; colour: string }[];
let words: string[];
let knobs: number;

class Path {
  rects: number[][] = [];
  rect(...at: number[]): void {
    this.rects.push(at);
  }
}

const pen = {
  stroke: (path?: Path) => path && strokes.push({ paths: path.rects.length, colour: pen.strokeStyle }),
  measureText: (text: string) => ({ width: 7 * text.length }),
  fillText: (text: string) => words.push(text),
  arc: () => knobs++,
  strokeStyle: "",
  beginPath() {},
  roundRect() {},
  fill() {},
  moveTo() {},
  lineTo() {},
};
const surface = (brief = false) => ({ pen: pen as unknown as CanvasRenderingContext2D, view: { scale: 1, x: 0, y: 0 }, frame: { x: 0, y: 0, width: 100, height: 100 }, brief });
const at = (x: number, y: number): Spot => ({ at: { x, y }, screen: { x, y }, px: 1 });

beforeEach(() => {
  vi.clearAllMocks();
  vi.stubGlobal("Path2D", Path);
  [strokes, words, knobs] = [[], [], 0];
  tool = new DotTool({ width: 500, height: 500 }, hooks);
  tool.label = "goat";
  tool.labels = new Map([
    ["goat", { name: "Goat", colour: "#a00" }],
    ["hut", { name: "Hut", colour: "#0a0" }],
  ]);
});

it("strokes what stands still by colour, in the frame only, and names it", () => {
  for (const [x, y] of [
    [10, 10],
    [30, 30],
    [400, 400],
  ] as const)
    tool.down(at(x, y));
  tool.select(-1);
  tool.setLabel("hut");
  tool.down(at(50, 50));
  tool.select(-1);
  tool.paint(surface(), "still");
  expect(strokes.map(({ paths, colour }) => [paths, colour])).toEqual([
    [3, "rgb(0 0 0 / 80%)"],
    [3, "#ffffff"],
    [2, "#a00"],
    [1, "#0a0"],
  ]);
  expect(words).toEqual(["Goat", "Goat", "Hut"]);
});

it("takes fewer strokes and no words while the view moves", () => {
  tool.down(at(10, 10));
  tool.select(-1);
  tool.paint(surface(true), "still");
  expect(strokes).toHaveLength(2);
  expect(words).toEqual([]);
});

it("names nobody in a crowd: the list does", () => {
  for (let k = 0; k < 31; k++) tool.down(at(k * 2, 10));
  tool.select(-1);
  tool.paint(surface(), "still");
  expect(words).toEqual([]);
});

it("leaves the chosen one to the layer that moves, with handles only when it is live", () => {
  tool.down(at(10, 10));
  tool.paint(surface(), "still");
  expect(strokes.filter(({ paths }) => paths)).toEqual([]);
  tool.paint(surface(), "live");
  expect([words, knobs]).toEqual([["Goat"], 1]); // the spot of its colour beside its name
  tool.select(0);
  knobs = 0;
  tool.paint(surface(), "live");
  expect(knobs).toBe(2);
});

it("has a name and a colour also for a label that the question no longer has", () => {
  tool.load({ ...nothingDrawn(), shapes: [{ x: 9, y: 9, label: "gone" }] });
  tool.paint(surface(), "still");
  expect(words).toEqual(["gone"]);
});

it("chooses the smallest under a finger, also a little beside it, and says nothing", () => {
  tool.down(at(10, 10));
  tool.tap(at(22, 10)); // seven beside its edge
  expect([tool.selected, tool.live]).toEqual([0, true]);
  tool.tap(at(60, 60));
  expect(tool.selected).toBe(-1);
  expect(hooks.say).toHaveBeenCalledTimes(1);
});

it("takes its label from the one that is chosen, and names it anew once", () => {
  tool.down(at(10, 10));
  tool.setLabel("hut");
  tool.setLabel("hut");
  expect(hooks.say.mock.calls.map(([said]) => said)).toEqual(["added", "named"]);
  tool.select(-1);
  tool.setLabel("goat");
  tool.select(0);
  expect(tool.label).toBe("hut");
});

it("forgets what is begun with another way to draw, and a choice with a draft that has it no more", () => {
  tool.begin({ x: 1, y: 1 });
  tool.setMode("drag");
  expect(tool.draft.points).toEqual([]);
  tool.down(at(10, 10));
  tool.load(nothingDrawn());
  expect(tool.selected).toBe(-1);
});

it("does not take its own draft for one from outside", () => {
  tool.down(at(10, 10));
  tool.load(tool.draft);
  expect(tool.selected).toBe(0);
});

it("notes once that she looked closely, as no step", () => {
  tool.looked();
  tool.looked();
  expect(hooks.change.mock.calls.map(([, how]) => how)).toEqual(["silent"]);
});
