import { beforeEach, describe, expect, it, vi } from "vitest";
import { answer } from "./answer";
import { clock, NOTHING, SegmentTool, type Draft, type Said, type Segment } from "./tool";
import { barsIn, msOf, windowAt, xOf } from "./wave";

const ACTIVITY = [
  [400, 2600],
  [5200, 8000],
  [9000, 9050],
] as const;
let tool: SegmentTool;
let drafts: [Draft, string][];
const say = vi.fn<(said: Said, segment: Segment) => void>();

beforeEach(() => {
  drafts = [];
  say.mockClear();
  tool = new SegmentTool(12_000, "speech", ACTIVITY, { change: (...next) => drafts.push(next), redraw: () => undefined, say });
});
const marked = () => tool.draft.segments.map(({ label, start_ms, end_ms }) => `${label} ${start_ms}-${end_ms}`);

it("begins and ends where the sound is, also when she went back meanwhile", () => {
  tool.mark(3000.4);
  tool.mark(1000);
  expect(marked()).toEqual(["speech 1000-3000"]);
  expect(drafts.map(([, how]) => how)).toEqual(["step", "step"]);
});

it("takes no slip of the finger, says so, and forgets where it began", () => {
  tool.mark(1000);
  tool.mark(1099);
  expect(marked()).toEqual([]);
  expect(tool.draft.begun).toBeNull();
  expect(say.mock.lastCall?.[0]).toBe("short");
});

it("marks what is heard, one stretch after the other, none twice and none that is too short", () => {
  expect(tool.take(0)).toBe(2600);
  tool.setLabel("music");
  expect(tool.take(0)).toBe(8000);
  expect(tool.take(0)).toBeNull();
  expect(marked()).toEqual(["speech 400-2600", "music 5200-8000"]);
  expect(say.mock.lastCall?.[0]).toBe("no_stretch");
});

it("stays within the sound", () => {
  tool.begin(-50);
  tool.end(99_999);
  expect(marked()).toEqual(["speech 0-12000"]);
});

it("moves one end to the hundredth of a second, never past the other, as one step of undo while it lasts", () => {
  tool.take(0);
  tool.select(0);
  tool.nudge(-10);
  tool.nudge(100, "end");
  expect(marked()).toEqual(["speech 390-2700"]);
  tool.put(0, "end");
  expect(marked()).toEqual(["speech 390-490"]);
  tool.put(9_000, "start");
  expect(marked()).toEqual(["speech 390-490"]);
  expect(drafts.at(-1)?.[1]).toBe("typing");
});

it("chooses the shortest that lies at a moment, and at the next tap the one around it", () => {
  for (const [start, end] of [
    [0, 5000],
    [1000, 2000],
  ] as const) {
    tool.begin(start);
    tool.end(end);
  }
  tool.select(tool.at(1500));
  expect(tool.chosen).toMatchObject({ start_ms: 1000 });
  tool.select(tool.at(1500));
  expect(tool.chosen).toMatchObject({ start_ms: 0 });
  expect(tool.at(6000)).toBe(-1);
});

it("names the chosen one anew, but never makes two of the same", () => {
  tool.take(0);
  tool.setLabel("music");
  tool.begin(400);
  tool.end(2600);
  tool.select(1);
  expect(tool.chosen?.label).toBe("speech");
  tool.setLabel("music");
  expect(say.mock.lastCall?.[0]).toBe("same");
  expect(marked()).toEqual(["music 400-2600", "speech 400-2600"]);
});

it("removes what was begun first, then the chosen one", () => {
  tool.take(0);
  tool.begin(3000);
  tool.remove();
  expect([tool.draft.begun, marked().length]).toEqual([null, 1]);
  tool.step(1);
  tool.remove();
  expect(marked()).toEqual([]);
});

describe("the answer", () => {
  const question = { labels: [{ id: "speech", name: { en: "Speech" } }], kind: "", language: "", text: "", widthPx: 0, heightPx: 0, config: {} };
  const segment = { label: "speech", start_ms: 400, end_ms: 2600 };

  it("is not done while one has no end, and nothing is sure only when she has heard it to its end", () => {
    expect(() => answer.finish({ ...NOTHING, begun: 5 }, question, true)).toThrow("segments.begun_left");
    expect(() => answer.finish(NOTHING, question, false)).toThrow("segments.sure_nothing");
    expect(answer.finish({ ...NOTHING, heard: true }, question, false)).toEqual({ segments: [] });
    expect(answer.finish({ ...NOTHING, segments: [segment] }, question, false)).toEqual({ segments: [segment] });
  });

  it("is shown as stretches of time and starts from a guess", () => {
    expect(answer.show({ segments: [segment] }, question).shapes).toMatchObject([{ kind: "range", startMs: 400, endMs: 2600, label: { name: "Speech" } }]);
    expect(answer.start({ segments: [segment] }).segments).toEqual([segment]);
  });
});

it("tells the time as players do", () => {
  expect([0, 350, 59_996, 61_050, 600_000].map(clock)).toEqual(["0:00.00", "0:00.35", "1:00.00", "1:01.05", "10:00.00"]);
});

describe("the wave", () => {
  it("has now in the middle, and a place for every moment", () => {
    const view = windowAt(10_000, 8_000, 400, 120);
    expect([xOf(view, 10_000), xOf(view, 6_000), msOf(view, 400)]).toEqual([200, 0, 14_000]);
  });

  it("keeps its bars where the sound is while it moves", () => {
    const peaks = Array.from({ length: 600 }, (_, k) => (k === 250 ? 1 : 0.1)); // one click at 5 s of 12
    const loud = (at: number) =>
      barsIn(peaks, 12_000, windowAt(at, 8_000, 400, 120))
        .filter(({ loud }) => loud === 1)
        .map(({ x }) => x);
    expect(loud(5_000)[0]! - loud(5_100)[0]!).toBeCloseTo(5);
    expect(barsIn(peaks, 12_000, windowAt(0, 8_000, 400, 120))[0]!.x).toBe(200); // nothing before the beginning
  });
});
