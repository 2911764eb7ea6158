import { expect, it } from "vitest";
import { Further } from "@app/app/widget";
import type { Spot } from "@app/canvas/stage";
import { answer, withText, type Draft } from "./answer";
import { isQuad, lineOf } from "./quad";
import { RegionTool } from "./tool";

const IMAGE = { width: 800, height: 400 };
const spot = (x: number, y: number): Spot => ({ at: { x, y }, screen: { x, y }, px: 1 }) as Spot;

function made() {
  const refused: string[] = [];
  const tool = new RegionTool(IMAGE, { change: () => {}, repaint: () => {}, say: () => {}, refuse: (why) => refused.push(why) });
  tool.label = "line";
  tool.load(answer.empty);
  const tap = (x: number, y: number) => (tool.down(spot(x, y)), tool.up());
  const drag = (from: [number, number], to: [number, number]) => (tool.down(spot(...from)), tool.move(spot(...to)), tool.up());
  return { tool, refused, tap, drag };
}
const ringOf = (tool: RegionTool, k = 0) => tool.draft.shapes[k]!.points.map(({ x, y }) => [x, y]);
const UPRIGHT = [
  [100, 50],
  [400, 50],
  [400, 90],
  [100, 90],
];

it("makes a line of two taps along it and one for its height, whichever way she goes", () => {
  for (const taps of [
    [
      [100, 90],
      [400, 90],
      [250, 50],
    ],
    [
      [400, 90],
      [100, 90],
      [250, 50],
    ],
    [
      [100, 50],
      [400, 50],
      [120, 90],
    ],
  ]) {
    const { tool, tap } = made();
    taps.forEach(([x, y]) => tap(x!, y!));
    expect(ringOf(tool)).toEqual(UPRIGHT);
    expect(tool.draft.points).toEqual([]);
  }
  const slanted = lineOf({ x: 0, y: 100 }, { x: 300, y: 200 }, { x: 40, y: 60 })!;
  expect(isQuad(slanted)).toBe(true);
});

it("takes a line that is tapped, moves its corners and all of it, and keeps its words", () => {
  const { tool, tap, drag, refused } = made();
  tool.load({ ...answer.empty, shapes: [{ label: "line", text: "Bread", points: UPRIGHT.map(([x, y]) => ({ x: x!, y: y! })) }] });
  tap(250, 70);
  expect([tool.selected, tool.live]).toEqual([0, true]);
  drag([400, 50], [430, 40]);
  expect(ringOf(tool)[1]).toEqual([430, 40]);
  drag([250, 70], [260, 80]);
  expect(ringOf(tool)[0]).toEqual([110, 60]);
  drag([110, 60], [420, 90]); // past the others: a dent
  expect(refused).toEqual(["regions.dent"]);
  expect(tool.draft.shapes[0]!.text).toBe("Bread");
  tool.stepCorner(1);
  expect(tool.nudge(0, -5)).toBe(true);
});

it("says where a line would be flat", () => {
  const { tool, tap, refused } = made();
  [
    [100, 90],
    [400, 90],
    [250, 91],
  ].forEach(([x, y]) => tap(x!, y!));
  expect(refused).toEqual(["regions.flat"]);
  expect(tool.draft.shapes).toEqual([]);
  tap(250, 50);
  expect(tool.draft.shapes.length).toBe(1);
});

const region = (y: number, text: string | null) => ({ label: "line", text, points: UPRIGHT.map(([x, dy]) => ({ x: x!, y: dy! + y })) });

function further(draft: Draft): Draft {
  try {
    answer.finish(draft, { labels: [], config: {}, language: "", text: "", widthPx: 800, heightPx: 400 }, false);
  } catch (error) {
    if (error instanceof Further) return error.draft as Draft;
    throw error;
  }
  throw new Error("it is the end");
}

it("goes from the page to the lines, from the top, and on until each is written", () => {
  const question = { labels: [], config: {}, language: "", text: "", widthPx: 800, heightPx: 400 };
  const first = further({ ...answer.empty, shapes: [region(100, null), region(0, null)] });
  expect([first.writing, first.shapes[0]!.points[0]!.y]).toEqual([0, 50]);
  expect(() => answer.finish(first, question, true)).toThrow("regions.missing_text");
  const second = further(withText(first, 0, "Bread"));
  expect(second.writing).toBe(1);
  const value = answer.finish(withText(second, 1, ""), question, false);
  expect(value.regions.map(({ text }) => text)).toEqual(["Bread", ""]);
  expect(answer.doneKey!(first, question)).toBe("regions.next");
});
