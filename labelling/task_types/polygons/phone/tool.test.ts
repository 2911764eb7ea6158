import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Drawn, Said } from "@app/canvas/shapes_tool";
import { Stage } from "@app/canvas/stage";
import { answer } from "./answer";
import { PolygonTool, type Polygon } from "./tool";

const IMAGE = { width: 640, height: 480 };
const say = vi.fn<(said: Said, index: number, shape: Polygon) => void>();
const refuse = vi.fn<(why: string) => void>();
let drafts: Drawn<Polygon>[];
let tool: PolygonTool;
let stage: Stage;

beforeEach(() => {
  drafts = [];
  say.mockClear();
  refuse.mockClear();
  tool = new PolygonTool(IMAGE, { change: (draft) => drafts.push(draft), repaint: () => undefined, say, refuse });
  tool.label = "hut";
  stage = new Stage(IMAGE, tool, () => undefined);
  stage.setScreen({ width: 320, height: 240 }); // half size: screen (x, y) is picture (2x, 2y)
});

function slide(...path: [number, number][]): void {
  stage.down({ x: path[0]![0], y: path[0]![1] }, true);
  for (const [x, y] of path.slice(1)) stage.moveTo({ x, y });
  stage.up();
}
const tap = (x: number, y: number): void => slide([x, y]);
const square = (): void =>
  [
    [50, 50],
    [150, 50],
    [150, 150],
    [50, 150],
    [52, 52],
  ].forEach(([x, y]) => tap(x!, y!));
const corners = (k = 0): [number, number][] => tool.draft.shapes[k]!.points.map(({ x, y }) => [x, y]);
const SQUARE = [
  [100, 100],
  [300, 100],
  [300, 300],
  [100, 300],
];

it("makes an outline corner by corner, closed by a tap near the first", () => {
  square();
  expect(tool.draft.shapes).toEqual([{ label: "hut", points: SQUARE.map(([x, y]) => ({ x, y })) }]);
  expect(drafts.map(({ points }) => points.length)).toEqual([1, 2, 3, 4, 0]); // each tap is a step for undo
  expect(say).toHaveBeenLastCalledWith("added", 0, tool.draft.shapes[0]);
});

it("sets a corner where the finger lifts, and aims at the first corner when it would close", () => {
  slide([50, 50], [58, 60]);
  expect(tool.draft.points).toEqual([{ x: 116, y: 120 }]);
  tap(150, 50);
  tap(150, 150);
  stage.down({ x: 62, y: 66 }, true);
  expect(tool.aim).toEqual({ x: 116, y: 120 });
  stage.up();
  expect(tool.draft.shapes).toHaveLength(1);
});

it("does not close with fewer than three corners, nor takes a corner twice", () => {
  tap(50, 50);
  tap(150, 50);
  tap(50, 50);
  expect([tool.draft.points.length, tool.draft.shapes.length]).toEqual([2, 0]);
  tool.close();
  expect(tool.draft.shapes).toEqual([]);
});

it("keeps what is begun when its outline would cross itself, and says so", () => {
  for (const [x, y] of [
    [50, 50],
    [150, 120],
    [150, 50],
    [50, 150],
  ] as const)
    tap(x, y);
  tool.close();
  expect(tool.draft.points).toHaveLength(4);
  expect(refuse).toHaveBeenLastCalledWith("polygons.crosses");
});

it("traces in one go, with few corners", () => {
  const path = Array.from({ length: 80 }, (_, k): [number, number] => [160 + 60 * Math.cos(k / 12.8), 120 + 60 * Math.sin(k / 12.8)]);
  tool.setMode("drag");
  slide(...path);
  const [polygon] = tool.draft.shapes;
  expect(polygon!.points.length).toBeLessThan(30);
  expect(polygon!.points.every(({ x, y }) => Math.abs(Math.hypot(x - 320, y - 240) - 120) < 6)).toBe(true);
});

it("takes a long slide among the corners for a trace, but not once a corner is set", () => {
  const around: [number, number][] = [
    [50, 50],
    [150, 50],
    [150, 150],
    [50, 150],
  ];
  slide(...around);
  expect(corners()).toEqual(SQUARE);
  tap(200, 200);
  slide(...around);
  expect(tool.draft.points).toEqual([
    { x: 400, y: 400 },
    { x: 100, y: 300 },
  ]);
});

it("chooses by a tap in tracing, by its form and not by the box around it", () => {
  for (const [x, y] of [
    [50, 50],
    [150, 50],
    [50, 150],
    [52, 52],
  ] as const)
    tap(x, y); // a triangle
  tool.setMode("drag");
  tap(130, 130); // in the box around it
  expect(tool.selected).toBe(-1);
  tap(70, 70);
  expect([tool.selected, tool.live]).toEqual([0, true]);
});

describe("a live outline", () => {
  beforeEach(() => {
    square();
    tool.select(0);
  });

  it("moves a corner by as much as the finger, wherever it took hold", () => {
    slide([145, 155], [155, 165]);
    expect(corners()).toEqual([
      [100, 100],
      [300, 100],
      [320, 320],
      [100, 300],
    ]);
    expect(tool.handleAt).toBe(2);
  });

  it("gets a corner where a side is tapped or pulled", () => {
    slide([100, 50], [100, 30]);
    expect(corners()).toEqual([
      [100, 100],
      [200, 60],
      [300, 100],
      [300, 300],
      [100, 300],
    ]);
    tap(100, 152);
    expect(corners()).toEqual([
      [100, 100],
      [200, 60],
      [300, 100],
      [300, 300],
      [200, 304],
      [100, 300],
    ]);
    expect(tool.handleAt).toBe(4);
  });

  it("moves as a whole from within, and changes nothing under six pixels", () => {
    const before = tool.draft;
    slide([100, 100], [104, 103]);
    expect(tool.draft).toBe(before);
    slide([100, 100], [120, 90]);
    expect(corners()).toEqual(SQUARE.map(([x, y]) => [x! + 40, y! - 20]));
  });

  it("stays as it is when a corner would be pulled across a side", () => {
    const before = tool.draft;
    slide([50, 50], [200, 120]);
    expect(tool.draft).toBe(before);
    expect(refuse).toHaveBeenCalledWith("polygons.crosses");
  });

  it("is changed by keys alone: corner by corner, more of them, fewer, and gone", () => {
    tool.stepCorner(1);
    stage.press("ArrowLeft", 10);
    expect(corners()[0]).toEqual([90, 100]);
    tool.insertCorner();
    expect(corners()).toEqual([
      [90, 100],
      [195, 100],
      [300, 100],
      [300, 300],
      [100, 300],
    ]);
    tool.remove();
    expect(corners()).toEqual([
      [90, 100],
      [300, 100],
      [300, 300],
      [100, 300],
    ]);
    tool.stepCorner(-1);
    tool.remove();
    tool.stepCorner(1);
    tool.remove();
    expect(refuse).toHaveBeenLastCalledWith("polygons.least_corners");
    expect(corners()).toHaveLength(3);
    tool.select(0);
    stage.press("ArrowDown", 1);
    expect(corners()[0]).toEqual([90, 101]);
    tool.remove();
    expect(tool.draft.shapes).toEqual([]);
  });
});

it("puts an outline in the middle for who cannot point", () => {
  tool.addInTheMiddle(stage.middle);
  expect(corners()).toEqual([
    [224, 168],
    [416, 168],
    [416, 312],
    [224, 312],
  ]);
});

it("nudges the last corner of what is begun", () => {
  tap(50, 50);
  stage.press("ArrowRight", 1);
  expect(tool.draft.points).toEqual([{ x: 101, y: 100 }]);
});

it("shows the line so far to the finger, and nothing more once a second finger looks", () => {
  tap(50, 50);
  stage.down({ x: 100, y: 80 }, true);
  expect(tool.shown.at(-1)).toEqual({
    label: "hut",
    points: [
      { x: 100, y: 100 },
      { x: 200, y: 160 },
    ],
    open: true,
  });
  stage.pinchStart([
    { x: 100, y: 80 },
    { x: 120, y: 80 },
  ]);
  expect(tool.shown.at(-1)!.points).toHaveLength(1);
});

const QUESTION = { labels: [{ id: "hut", name: { en: "Hut" } }], config: {}, language: "", text: "", widthPx: 640, heightPx: 480 };
const VALUE = {
  polygons: [
    {
      label: "hut",
      points: [
        [1, 2],
        [30, 2],
        [30, 40],
      ] as [number, number][],
    },
  ],
};

it("gives the answer as the server takes it, and starts from one", () => {
  expect(answer.finish(answer.start(VALUE), QUESTION, false)).toEqual(VALUE);
  expect(() => answer.finish({ ...answer.empty, points: [{ x: 1, y: 1 }] }, QUESTION, true)).toThrow("polygons.points_left");
  expect(() => answer.finish(answer.empty, QUESTION, false)).toThrow("stage.sure_nothing");
  expect(answer.finish({ ...answer.empty, looked: true }, QUESTION, false)).toEqual({ polygons: [] });
});

it("does not send a guess that crosses itself", () => {
  const tie = {
    polygons: [
      {
        label: "hut",
        points: [
          [0, 0],
          [10, 8],
          [10, 0],
          [0, 10],
        ] as [number, number][],
      },
    ],
  };
  expect(() => answer.finish(answer.start(tie), QUESTION, true)).toThrow("polygons.crosses");
});

it("has bounds, which she is told", () => {
  const ring = (n: number) => ({
    label: "hut",
    points: Array.from({ length: n }, (_, k): [number, number] => [300 + Math.round(200 * Math.cos((2 * Math.PI * k) / n)), 240 + Math.round(200 * Math.sin((2 * Math.PI * k) / n))]),
  });
  const finish = (count: number, n: number) => answer.finish(answer.start({ polygons: Array.from({ length: count }, () => ring(n)) }), QUESTION, true).polygons.length;
  expect(() => finish(201, 3)).toThrow("polygons.too_many");
  expect(() => finish(21, 200)).toThrow("polygons.too_many_corners");
  expect(finish(20, 200)).toBe(20);
});

it("is shown on the picture and in words", () => {
  const drawing = answer.show(VALUE, QUESTION);
  expect(drawing.words).toBe("Hut");
  expect(drawing.shapes).toMatchObject([
    {
      kind: "polygon",
      points: [
        { x: 1, y: 2 },
        { x: 30, y: 2 },
        { x: 30, y: 40 },
      ],
    },
  ]);
});
