import { beforeEach, expect, it, vi } from "vitest";
import { Stage } from "@app/canvas/stage";
import { Doubtful, Unfinished, type Question } from "@app/app/widget";
import { answer, type At, type Draft } from "./answer";
import { KeypointTool, type Said } from "./tool";
import type { Skeleton } from "./skeleton";

const IMAGE = { width: 640, height: 480 };
const point = (id: string, mirror?: string) => ({ id, name: { en: id }, ...(mirror && { mirror }) });
const SKELETON: Skeleton = {
  points: [point("nose"), point("left_ear", "right_ear"), point("right_ear", "left_ear"), point("left_hip", "right_hip"), point("right_hip", "left_hip")],
  edges: [
    ["nose", "left_ear"],
    ["nose", "right_ear"],
  ],
};
const question = { labels: [{ id: "goat", name: { en: "Goat" } }], config: { skeleton: SKELETON }, language: "", text: "", widthPx: 640, heightPx: 480 } as unknown as Question;
const say = vi.fn<(said: Said, id: string, at: At | null) => void>();
let drafts: Draft[];
let tool: KeypointTool;
let stage: Stage;

function made(several = false): void {
  drafts = [];
  say.mockClear();
  tool = new KeypointTool(IMAGE, SKELETON, several, { change: (draft) => drafts.push(draft), repaint: () => undefined, say });
  tool.label = "goat";
  stage = new Stage(IMAGE, tool, () => undefined);
  stage.setScreen({ width: 320, height: 240 }); // half size: screen (x, y) is picture (2x, 2y)
}
beforeEach(() => made());

function slide(...path: [number, number][]): void {
  stage.down({ x: path[0]![0], y: path[0]![1] }, true);
  for (const [x, y] of path.slice(1)) stage.moveTo({ x, y });
  stage.up();
}
const tap = (x: number, y: number): void => slide([x, y]);
const all = (): void =>
  [
    [50, 20],
    [30, 20],
    [70, 20],
    [30, 80],
    [70, 80],
  ].forEach(([x, y]) => tap(x!, y!));

it("begins with the first point, also when a draft without any is loaded", () => {
  tool.load({ figures: [], looked: false });
  expect(tool.asked).toBe("nose");
});

it("asks for one point after the other, each tap a step for undo", () => {
  all();
  expect(tool.draft.figures).toHaveLength(1);
  expect(tool.draft.figures[0]!.points.left_hip).toEqual({ x: 60, y: 160, hidden: false });
  expect([tool.asked, tool.done, drafts.length]).toEqual(["", 5, 5]);
  tap(150, 150); // one figure is asked for: nothing more is placed
  expect(drafts).toHaveLength(5);
  tool.load(drafts[2]!); // undo
  expect(tool.asked).toBe("left_hip");
});

it("places where the finger lifts, and shows it under the loupe until then", () => {
  stage.down({ x: 50, y: 50 }, true);
  stage.moveTo({ x: 60, y: 66 });
  expect(tool.aim).toEqual({ x: 120, y: 132 });
  stage.up();
  expect([tool.aim, tool.draft.figures[0]!.points.nose]).toEqual([null, { x: 120, y: 132, hidden: false }]);
});

it("asks again for a dot that is tapped, but a slide from it places the next part", () => {
  tap(50, 20);
  tap(52, 22);
  expect([tool.asked, tool.done]).toEqual(["nose", 1]);
  tap(80, 90); // placed again, and the next open one is asked for
  expect([tool.asked, tool.draft.figures[0]!.points.nose]).toEqual(["left_ear", { x: 160, y: 180, hidden: false }]);
  slide([80, 90], [84, 98]);
  expect([tool.asked, tool.draft.figures[0]!.points.left_ear]).toEqual(["right_ear", { x: 168, y: 196, hidden: false }]);
});

it("takes hidden and not there, before or after the tap", () => {
  tool.toggleHidden();
  tap(50, 20);
  expect([tool.draft.figures[0]!.points.nose!.hidden, tool.hiding]).toEqual([true, false]);
  tool.absent();
  expect([tool.draft.figures[0]!.points.left_ear, tool.asked]).toEqual([null, "right_ear"]);
  tool.step(-1);
  tool.step(-1);
  tool.toggleHidden();
  expect(tool.draft.figures[0]!.points.nose!.hidden).toBe(false);
  expect(say.mock.calls.map(([said, id]) => `${id} ${said}`)).toEqual(["nose hidden", "left_ear absent", "nose placed"]);
});

it("is done with keys alone: in the middle, moved, confirmed", () => {
  tool.addInTheMiddle(stage.middle);
  stage.press("ArrowRight", 10);
  stage.press("ArrowUp", 1);
  expect(tool.draft.figures[0]!.points.nose).toEqual({ x: 330, y: 239, hidden: false });
  expect(tool.asked).toBe("nose");
  tool.addInTheMiddle(stage.middle);
  expect(tool.asked).toBe("left_ear");
});

it("begins another figure where several are asked for, and takes one away", () => {
  made(true);
  all();
  tap(200, 30);
  expect([tool.draft.figures.length, tool.asked]).toEqual([2, "left_ear"]);
  tap(50, 20); // a dot of the other one
  expect([tool.chosen, tool.asked]).toEqual([0, "nose"]);
  tool.remove();
  expect([tool.draft.figures.length, tool.asked]).toEqual([1, "left_ear"]);
});

it("says of every point whether it is there, and asks once whether nothing is", () => {
  expect(() => answer.finish(answer.empty, question, false)).toThrow(Doubtful);
  expect(answer.finish(answer.empty, question, true)).toEqual({ figures: [] });
  tap(50, 20);
  expect(() => answer.finish(tool.draft, question, true)).toThrow(Unfinished);
  while (tool.asked) tool.absent();
  const value = answer.finish(tool.draft, question, false);
  expect(value).toEqual({ figures: [{ label: "goat", points: { nose: [100, 40, 2] } }] });
  expect(answer.start(value).figures[0]!.points).toEqual({ nose: { x: 100, y: 40, hidden: false } });
  expect(answer.show(value, question).shapes).toMatchObject([
    {
      kind: "skeleton",
      points: [{ x: 100, y: 40, hidden: false }, null, null, null, null],
      edges: [
        [0, 1],
        [0, 2],
      ],
    },
  ]);
});

it("drops a figure of which nothing is there", () => {
  while (tool.asked) tool.absent();
  expect(answer.finish(tool.draft, question, true)).toEqual({ figures: [] });
});

it("asks whether left and right were taken for each other", () => {
  const ears = { nose: null, left_ear: { x: 100, y: 10, hidden: false }, right_ear: { x: 20, y: 10, hidden: false } };
  const hips = (left: number, right: number) => ({ left_hip: { x: left, y: 90, hidden: false }, right_hip: { x: right, y: 90, hidden: false } });
  const draft = (points: Record<string, At | null>): Draft => ({ figures: [{ label: "goat", points }], looked: true });
  expect(() => answer.finish(draft({ ...ears, ...hips(30, 90) }), question, false)).toThrow(Doubtful);
  expect(answer.finish(draft({ ...ears, ...hips(30, 90) }), question, true).figures).toHaveLength(1);
  expect(answer.finish(draft({ ...ears, ...hips(90, 30) }), question, false).figures).toHaveLength(1);
  expect(answer.finish(draft({ ...ears, ...hips(55, 60) }), question, false).figures).toHaveLength(1);
});
