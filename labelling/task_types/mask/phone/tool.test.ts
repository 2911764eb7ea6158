import { beforeEach, describe, expect, it, vi } from "vitest";
import { Stage } from "@app/canvas/stage";
import { Doubtful, Unfinished, type Question } from "@app/app/widget";
import { answer, type Draft } from "./answer";
import { gridOf, ringsOf } from "./grid";
import { Painting } from "./painting";
import { cutOf, finest, type Regions } from "./regions";
import { fill, runsOf, textOf, textOfCells } from "./runs";
import { MaskTool, type Said } from "./tool";

const IMAGE = { width: 80, height: 60 };
const LABELS = new Map([
  ["who", { name: "Person", colour: "#e69f00" }],
  ["where", { name: "Place", colour: "#56b4e9" }],
]);
const QUESTION = { labels: [...LABELS.keys()].map((id) => ({ id, name: { en: id } })), widthPx: 80, heightPx: 60, config: {}, language: "en", text: "" } as unknown as Question;

/** Four upright stripes of twenty columns; the left two merge first, then the right two. */
function stripes(): Regions {
  const leaf = Uint8Array.from({ length: 80 * 60 }, (_, cell) => Math.floor(cell / 60 / 20));
  return {
    leaf,
    count: 4,
    merges: [
      [0, 1],
      [2, 3],
      [4, 5],
    ],
  };
}

describe("run lengths", () => {
  it.each([[[0, 5, 3]], [[1200, 4, 1196, 4, 9, 2000000, 3]], [[7]], [[3, 100, 2, 1, 90, 4]]])("%j come back", (runs) => {
    expect(runsOf(textOf(runs))).toEqual(runs);
  });

  it("are COCO's", () => {
    expect(textOf([6, 1, 40, 4, 5, 4, 5, 4, 21])).toBe("61X13mN000`0"); // pycocotools' own example
  });

  it("tell cells, and fill them", () => {
    const cells = Uint8Array.from([0, 2, 2, 1, 2]);
    expect(runsOf(textOfCells(cells, 2))).toEqual([1, 2, 1, 1]);
    const again = new Uint8Array(5);
    fill(again, textOfCells(cells, 2), 2);
    expect([...again]).toEqual([0, 2, 2, 0, 2]);
  });
});

it("lays the grid as the server does", () => {
  expect([gridOf({ width: 640, height: 480 }), gridOf({ width: 6000, height: 4000 }), gridOf({ width: 3, height: 5000 })]).toEqual([
    { width: 640, height: 480 },
    { width: 1024, height: 683 },
    { width: 1, height: 1024 },
  ]);
});

it("outlines a frame by its outer and its inner edge, and corners that touch apart", () => {
  const cells = Uint8Array.from([1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 0, 0, 0, 1]);
  const rings = ringsOf(cells, { width: 4, height: 4 }, 1);
  expect(rings.map((ring) => ring.length).sort()).toEqual([4, 4, 4]);
});

describe("regions", () => {
  it("are as many as the level says, and as there are", () => {
    expect(finest(stripes())).toBe(0);
    const { count, cellsOf, region } = cutOf(stripes(), 0);
    expect([count, cellsOf(region[0]!).length]).toEqual([4, 1200]);
  });

  it("merge in the order of the tree", () => {
    const many = Uint8Array.from({ length: 80 }, (_, cell) => cell % 10);
    const merges = Array.from({ length: 9 }, (_, k): [number, number] => (k ? [9 + k, k + 1] : [0, 1]));
    const { count, region } = cutOf({ leaf: many, count: 10, merges }, 0);
    expect(count).toBe(6);
    expect(new Set(region.slice(0, 5)).size).toBe(1);
    expect(new Set(region.slice(4, 10)).size).toBe(6);
  });
});

describe("a finger", () => {
  const say = vi.fn<(said: Said, share: number) => void>();
  let drafts: Draft[];
  let tool: MaskTool;
  let stage: Stage;
  let px: number;

  beforeEach(() => {
    drafts = [];
    px = 1;
    say.mockClear();
    tool = new MaskTool(IMAGE, LABELS, { change: (draft) => drafts.push(draft), repaint: () => undefined, say, px: () => px });
    stage = new Stage(IMAGE, tool, () => undefined);
    stage.setScreen(IMAGE);
    tool.setRegions(stripes());
  });

  function slide(...path: [number, number][]): void {
    stage.down({ x: path[0]![0], y: path[0]![1] }, true);
    for (const [x, y] of path.slice(1)) stage.moveTo({ x, y });
    stage.up();
  }
  const columns = (label = "who") => {
    const painting = new Painting(IMAGE, [...LABELS.keys()], () => undefined);
    painting.load(tool.draft.masks.filter((mask) => mask.label === label));
    return [...new Set([...painting.cells].flatMap((cell, at) => (cell ? [Math.floor(at / 60)] : [])))];
  };

  it("takes a region by a tap, and gives it back by another", () => {
    slide([5, 5]);
    expect([columns()[0], columns().at(-1), drafts.length]).toEqual([0, 19, 1]);
    expect(say).toHaveBeenLastCalledWith("added", 0.25);
    slide([19, 50]);
    expect([tool.draft.masks, drafts.length]).toEqual([[], 2]);
    expect(say).toHaveBeenLastCalledWith("removed", 0.25);
  });

  it("takes all that it slides over, as one step, and jumps over none", () => {
    slide([5, 5], [75, 5]);
    expect([columns().length, drafts.length]).toEqual([80, 1]);
  });

  it("gives back what it slides over when it begins on what is taken", () => {
    slide([5, 5], [75, 5]);
    slide([30, 5], [45, 5]);
    expect(columns().filter((column) => column >= 20 && column < 60)).toEqual([]);
  });

  const around = (left: number, right: number): [number, number][] => [
    [left, 5],
    [right, 5],
    [right, 55],
    [left, 55],
    [left, 8],
  ];

  it("takes what it goes around: the regions that lie mostly inside, none that it went over", () => {
    px = 0.2;
    slide(...around(15, 65));
    expect([columns()[0], columns().at(-1), drafts.length]).toEqual([20, 59, 1]);
    expect(say).toHaveBeenLastCalledWith("added", 0.5);
    slide(...around(15, 45));
    expect([columns()[0], columns().at(-1), drafts.length]).toEqual([40, 59, 2]);
  });

  it("takes a thing that is smaller than the regions as it goes around it", () => {
    px = 0.2;
    slide([22, 20], [38, 20], [38, 40], [22, 40], [22, 21]);
    expect([columns()[0], columns().at(-1)]).toEqual([22, 37]);
  });

  it("takes what it rubs over to and fro, though it ends where it began", () => {
    px = 0.2;
    slide([5, 5], [35, 5], [5, 12], [35, 19], [5, 26], [35, 33], [5, 10]);
    expect([columns()[0], columns().at(-1)]).toEqual([0, 39]);
  });

  it("gives a cell to one label only", () => {
    slide([5, 5]);
    tool.setLabel("where");
    slide([5, 5]);
    expect([tool.draft.masks.map(({ label }) => label), columns("where").length]).toEqual([["where"], 20]);
  });

  it("forgets what was begun when two fingers look closer", () => {
    stage.down({ x: 5, y: 5 }, true);
    stage.pinchStart([
      { x: 5, y: 5 },
      { x: 20, y: 5 },
    ]);
    expect([drafts, [...tool.painting.cells].some(Boolean)]).toEqual([[], false]);
  });

  it("brushes and rubs out, a round dab at a time", () => {
    tool.setMode("brush");
    tool.setBrush(0);
    slide([40, 30]);
    const dab = tool.painting.count("who");
    expect(dab).toBeGreaterThan(60);
    expect(dab).toBeLessThan(100); // pi * 5 * 5
    tool.setMode("rubber");
    slide([30, 30], [50, 30]);
    expect(tool.draft.masks).toEqual([]);
  });

  it("fills what is enclosed, and leaves another label's cells", () => {
    tool.setMode("brush");
    tool.setBrush(0);
    tool.setLabel("where");
    slide([40, 30]);
    const island = tool.painting.count("where");
    tool.setLabel("who");
    slide([20, 10], [60, 10], [60, 50], [20, 50], [20, 10]);
    const ring = tool.painting.count("who");
    tool.fillHoles();
    expect(tool.painting.count("where")).toBe(island);
    expect(tool.painting.count("who")).toBeGreaterThan(ring + 29 * 29 - island);
    expect(say).toHaveBeenLastCalledWith("filled", expect.any(Number));
  });

  it("walks from region to region by keys, and takes the one that it is in", () => {
    tool.point({ x: 0, y: 0, width: 20, height: 60 });
    expect(tool.here).toEqual({ taken: false, share: 0.25 });
    stage.press("ArrowRight", 1);
    tool.press();
    expect([columns()[0], columns().at(-1), tool.here?.taken]).toEqual([20, 39, true]);
    for (let k = 0; k < 5; k++) stage.press("ArrowRight", 1);
    expect(tool.cursor!.x).toBeLessThan(80);
  });

  it("takes a draft back as it was, after an undo", () => {
    slide([5, 5]);
    const before = tool.draft;
    slide([45, 5]);
    tool.load(before);
    expect(tool.painting.masks).toEqual(before.masks);
  });
});

describe("the answer", () => {
  it("asks once whether there is nothing, and is not too fine to keep", () => {
    expect(() => answer.finish(answer.empty, QUESTION, false)).toThrow(Doubtful);
    expect(answer.finish({ masks: [], looked: true }, QUESTION, false)).toEqual({ masks: [] });
    const counts = "0".repeat(262145);
    expect(() => answer.finish({ masks: [{ label: "who", size: [60, 80], counts }], looked: true }, QUESTION, true)).toThrow(Unfinished);
  });

  it("is shown by its outlines, in pixels of the picture", () => {
    const cells = new Uint8Array(80 * 60);
    cells.fill(1, 60, 120);
    const { shapes } = answer.show({ masks: [{ label: "who", size: [60, 80], counts: textOfCells(cells, 1) }] }, QUESTION);
    expect(shapes).toEqual([
      {
        kind: "area",
        label: expect.anything(),
        rings: [
          [
            { x: 1, y: 0 },
            { x: 2, y: 0 },
            { x: 2, y: 60 },
            { x: 1, y: 60 },
          ],
        ],
      },
    ]);
  });
});
