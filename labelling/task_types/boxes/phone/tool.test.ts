import { beforeEach, expect, it, vi } from "vitest";
import type { Drawn, Said } from "@app/canvas/shapes_tool";
import { Stage } from "@app/canvas/stage";
import { answer } from "./answer";
import { BoxTool, type Box } from "./tool";

const IMAGE = { width: 640, height: 480 };
let drafts: Drawn<Box>[];
let tool: BoxTool;
let stage: Stage;
const say = vi.fn<(said: Said, index: number, box: Box) => void>();

beforeEach(() => {
  drafts = [];
  say.mockClear();
  tool = new BoxTool(IMAGE, { change: (draft) => drafts.push(draft), repaint: () => undefined, say, refuse: () => undefined });
  tool.label = "cat";
  stage = new Stage(IMAGE, tool, () => undefined);
  stage.setScreen({ width: 320, height: 240 }); // half size: screen (x, y) is image (2x, 2y)
});

function tap(x: number, y: number): void {
  stage.down({ x, y }, true);
  stage.up();
}

function drag(from: [number, number], to: [number, number]): void {
  stage.down({ x: from[0], y: from[1] }, true);
  stage.moveTo({ x: to[0], y: to[1] });
  stage.up();
}

it("makes a box of four taps and chooses it", () => {
  for (const [x, y] of [
    [50, 20],
    [30, 40],
    [50, 60],
    [70, 40],
  ] as const)
    tap(x, y);
  expect(tool.draft.shapes).toEqual([{ label: "cat", x: 60, y: 40, width: 80, height: 80 }]);
  expect(tool.draft.points).toEqual([]);
  expect(tool.selected).toBe(0);
  expect(drafts.map((draft) => draft.points.length)).toEqual([1, 2, 3, 0]); // each tap is a step for undo
});

it("commits a tap where the finger lifts, not where it lands", () => {
  drag([50, 20], [55, 25]);
  expect(tool.draft.points).toEqual([{ x: 110, y: 50 }]);
});

it("takes a long drag among the taps for a drag, a short one for a tap that is corrected", () => {
  drag([50, 20], [100, 50]);
  expect(tool.draft.shapes).toEqual([]);
  tool.load({ shapes: [], points: [], looked: false });
  drag([50, 20], [120, 60]);
  expect(tool.draft.shapes).toEqual([{ label: "cat", x: 100, y: 40, width: 140, height: 80 }]);
});

it("takes no drag for a box once a tap is set", () => {
  tap(50, 20);
  drag([50, 20], [120, 60]);
  expect(tool.draft.points).toEqual([
    { x: 100, y: 40 },
    { x: 240, y: 120 },
  ]);
});

it("makes a box by dragging; only a tap on it lets the next drags move and size it", () => {
  tool.setMode("drag");
  drag([10, 10], [60, 110]);
  const drawn = { label: "cat", x: 20, y: 20, width: 100, height: 200 };
  expect(tool.draft.shapes).toEqual([drawn]);
  tap(35, 60);
  expect([tool.selected, tool.live]).toEqual([0, true]);
  drag([35, 60], [45, 65]);
  expect(tool.draft.shapes).toEqual([{ ...drawn, x: 40, y: 30 }]);
  drag([70, 115], [80, 120]);
  expect(tool.draft.shapes).toEqual([{ ...drawn, x: 40, y: 30, width: 120, height: 210 }]);
});

it("does not take a drag for the box that was drawn just before", () => {
  tool.setMode("drag");
  drag([10, 10], [60, 110]);
  drag([35, 60], [90, 100]);
  expect(tool.draft.shapes).toHaveLength(2);
  expect(tool.draft.shapes[0]).toEqual({ label: "cat", x: 20, y: 20, width: 100, height: 200 });
});

/** Twenty things in a tidy grid, four pixels of the screen between them: the next one is always nearer than a finger is wide. */
const GRID = Array.from({ length: 20 }, (_, k) => ({ x: 6 + (k % 5) * 62, y: 6 + Math.floor(k / 5) * 58, width: 58, height: 54 }));
const inImage = ({ x, y, width, height }: (typeof GRID)[0]) => ({ label: "cat", x: 2 * x, y: 2 * y, width: 2 * width, height: 2 * height });

it("draws 20 of 20 in a tidy grid by taps", () => {
  for (const { x, y, width, height } of GRID)
    for (const [px, py] of [
      [x + width / 2, y],
      [x, y + height / 2],
      [x + width / 2, y + height],
      [x + width, y + height / 2],
    ] as const)
      tap(px, py);
  expect(tool.draft.shapes).toEqual(GRID.map(inImage));
});

it("draws 20 of 20 in a tidy grid by drags", () => {
  tool.setMode("drag");
  for (const { x, y, width, height } of GRID) drag([x, y], [x + width, y + height]);
  expect(tool.draft.shapes).toEqual(GRID.map(inImage));
});

it("changes nothing under six pixels, wherever the finger stands", () => {
  tool.setMode("drag");
  drag([60, 60], [160, 160]);
  tool.select(0);
  const before = tool.draft;
  for (const [x, y] of [
    [60, 60],
    [110, 110],
    [160, 160],
    [160, 110],
  ] as const)
    drag([x, y], [x + 4, y + 4]);
  expect(tool.draft).toBe(before);
});

it("moves a corner by as much as the finger, from wherever it took hold", () => {
  tool.setMode("drag");
  drag([60, 60], [160, 160]);
  tool.select(0);
  drag([150, 170], [160, 180]); // took hold ten pixels away from the corner
  expect(tool.draft.shapes[0]).toEqual({ label: "cat", x: 120, y: 120, width: 220, height: 220 });
});

it("says each change, once", () => {
  tool.addInTheMiddle(stage.middle);
  tool.setLabel("dog");
  stage.nudge(1, 0);
  tool.remove();
  expect(say.mock.calls.map(([what, index, box]) => [what, index, box.label])).toEqual([
    ["added", 0, "cat"],
    ["named", 0, "dog"],
    ["moved", 0, "dog"],
    ["removed", 0, "dog"],
  ]);
});

it("goes from box to box by keys", () => {
  tool.addInTheMiddle(stage.middle);
  tool.addInTheMiddle(stage.middle);
  tool.select(-1);
  const seen = [1, 1, 1, -1].map((by) => (tool.step(by as 1 | -1), tool.selected));
  expect(seen).toEqual([0, 1, 0, 1]);
});

it("takes the label of the chips, also afterwards", () => {
  tool.addInTheMiddle(stage.middle);
  tool.setLabel("dog");
  expect(tool.draft.shapes[0]!.label).toBe("dog");
});

it("nudges the last tap, the box, or the corner by one pixel", () => {
  tap(50, 20);
  stage.nudge(1, -1);
  expect(tool.draft.points).toEqual([{ x: 101, y: 39 }]);
  tool.setMode("taps");
  tool.addInTheMiddle(stage.middle);
  const before = tool.draft.shapes[0]!;
  stage.nudge(-1, 0);
  expect(tool.draft.shapes[0]).toEqual({ ...before, x: before.x - 1 });
  tool.toggleSizing();
  stage.nudge(0, 1);
  expect(tool.draft.shapes[0]).toEqual({ ...before, x: before.x - 1, height: before.height + 1 });
});

it("deletes, and forgets a choice that an undo took away", () => {
  tool.addInTheMiddle(stage.middle);
  tool.remove();
  expect(tool.draft.shapes).toEqual([]);
  tool.addInTheMiddle(stage.middle);
  tool.load({ shapes: [], points: [], looked: false });
  expect(tool.selected).toBe(-1);
});

it("remembers that she looked closely, without a step for undo", () => {
  stage.zoom(2);
  expect(drafts).toEqual([{ shapes: [], points: [], looked: true }]);
  stage.zoom(2);
  expect(drafts.length).toBe(1);
});

it("gives up a tap when a second finger comes: two fingers only look", () => {
  stage.down({ x: 50, y: 50 }, true);
  stage.pinchStart([
    { x: 50, y: 50 },
    { x: 100, y: 50 },
  ]);
  stage.pinchMove([
    { x: 25, y: 50 },
    { x: 125, y: 50 },
  ]);
  stage.up();
  expect(tool.draft.points).toEqual([]);
  expect(stage.view.scale).toBeCloseTo(1, 9);
});

it("never leaves the picture", () => {
  tool.setMode("drag");
  drag([-50, -50], [9999, 9999]);
  expect(tool.draft.shapes[0]).toEqual({ label: "cat", x: 0, y: 0, width: 640, height: 480 });
});

it("chooses with the hand that moves the picture, and draws nothing with it", () => {
  tool.addInTheMiddle(stage.middle);
  tool.select(-1);
  stage.setHand(true);
  drag([160, 120], [200, 130]);
  expect(tool.selected).toBe(-1);
  tap(160, 120);
  expect([tool.selected, tool.live, tool.draft.shapes.length]).toEqual([0, true, 1]);
});

it("shows the corner that the keys move, and forgets it with the box", () => {
  tool.addInTheMiddle(stage.middle);
  tool.toggleSizing();
  expect(tool.handleAt).toBe(4); // se
  tool.select(-1);
  expect(tool.handleAt).toBe(-1);
});

const QUESTION = { labels: [{ id: "cat", name: { en: "Cat" } }], config: {}, language: "", text: "", widthPx: 640, heightPx: 480 };
const CAT = { label: "cat", x: 1, y: 2, width: 30, height: 40 };

it("gives the answer as the server takes it, and starts from one", () => {
  const draft = answer.start({ boxes: [CAT] });
  expect(answer.finish(draft, QUESTION, false)).toEqual({ boxes: [CAT] });
  expect(() => answer.finish({ ...draft, points: [{ x: 1, y: 1 }] }, QUESTION, true)).toThrow("boxes.points_left");
  expect(() => answer.finish(answer.empty, QUESTION, false)).toThrow("stage.sure_nothing");
  expect(answer.finish({ ...answer.empty, looked: true }, QUESTION, false)).toEqual({ boxes: [] });
});

it("is shown on the picture and in words, also with a label that is no more", () => {
  const drawing = answer.show({ boxes: [CAT, { ...CAT, label: "gone" }] }, QUESTION);
  expect(drawing.words).toBe("Cat, gone");
  expect(drawing.shapes?.[0]).toMatchObject({ kind: "rectangle", x: 1, y: 2, width: 30, height: 40, label: { name: "Cat" } });
});
