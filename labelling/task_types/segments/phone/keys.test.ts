import { beforeEach, expect, it, vi } from "vitest";
import { pressed } from "./keys";
import { Playback } from "./playback";
import { SegmentTool, type Draft, type Said } from "./tool";

const QUESTION = {
  labels: [
    { id: "rain", name: { en: "Rain" } },
    { id: "wind", name: { en: "Wind" } },
  ],
  config: {},
  language: "",
  text: "",
  widthPx: 0,
  heightPx: 0,
};
let tool: SegmentTool;
let playback: Playback;
let drafts: Draft[];
const say = vi.fn<(said: Said) => void>();

beforeEach(() => {
  drafts = [];
  say.mockClear();
  tool = new SegmentTool(10_000, "rain", [[2000, 3000]], { change: (next) => drafts.push(next), redraw: () => undefined, say });
  playback = new Playback(10_000, () => undefined);
});

/** A key on an element that matches these selectors. */
function press(key: string, { shiftKey = false, on = "" } = {}): boolean {
  const target = { matches: (selectors: string) => selectors.split(", ").includes(on) };
  return pressed(tool, playback, QUESTION, { key, shiftKey, target } as unknown as KeyboardEvent);
}
const marked = () => tool.draft.segments.map(({ label, start_ms, end_ms }) => [label, start_ms, end_ms]);

it("goes through the sound by a tenth of a second, and with Shift by a second", () => {
  for (const [key, shiftKey] of [
    ["ArrowRight", true],
    ["ArrowRight", false],
    ["ArrowLeft", false],
  ] as const)
    expect(press(key, { shiftKey })).toBe(true);
  expect(playback.atMs).toBe(1000);
});

it("begins and ends where the sound is, under the label whose digit she pressed", () => {
  press("2");
  press("n");
  playback.seek(1500);
  press("n");
  expect(marked()).toEqual([["wind", 0, 1500]]);
});

it("takes what is heard, and goes to where that ends", () => {
  expect(press("v")).toBe(true);
  expect([marked(), playback.atMs]).toEqual([[["rain", 2000, 3000]], 3000]);
  press("v"); // nothing else is heard: it stays where it is, and says so
  expect([marked().length, playback.atMs, say.mock.lastCall?.[0]]).toEqual([1, 3000, "no_stretch"]);
});

it("moves the ends of the chosen one by hundredths of a second, never past each other", () => {
  press("v");
  tool.select(0);
  for (const key of ["[", "]", "]", "{"]) press(key);
  expect(marked()).toEqual([["rain", 2010, 2990]]);
  playback.seek(9000);
  tool.setSide("start");
  press("h"); // here
  expect(marked()).toEqual([["rain", 2890, 2990]]);
});

it("steps from one to the next, lets go and removes", () => {
  press("v");
  press(".");
  expect(tool.chosen).toMatchObject({ start_ms: 2000 });
  press("Escape");
  expect(press("Delete")).toBe(true);
  expect(marked()).toHaveLength(1); // none was chosen
  press(",");
  press("Backspace");
  expect(marked()).toEqual([]);
});

it("leaves text, the arrows of a slider and the space bar on a key to what has the focus", () => {
  expect(press("n", { on: "textarea" })).toBe(false);
  expect(press("ArrowRight", { on: "input[type=range]" })).toBe(false);
  expect([press(" ", { on: "button" }), press(" ", { on: "a" })]).toEqual([false, false]);
  expect(playback.atMs).toBe(0);
  expect(tool.draft.begun).toBeNull();
});

it("is not hers with a key that means nothing: the browser has it", () => {
  for (const key of ["q", "9", "0", "F5", "Tab", "L"]) expect(press(key), key).toBe(false);
  expect(drafts).toEqual([]);
});

it("plays what lies around the chosen end", () => {
  press("v");
  tool.select(0, "end");
  expect(press("l")).toBe(true);
  expect(playback.loop).toEqual({ fromMs: 2500, toMs: 3500 });
});
