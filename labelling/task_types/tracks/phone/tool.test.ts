import { beforeEach, expect, it, vi } from "vitest";
import { answer } from "./answer";
import { boxAt, clock, foretold, NOTHING, thinned, TrackTool, type Draft, type Key, type Said, type Track } from "./tool";

const IMAGE = { width: 640, height: 360 };
const QUESTION = { labels: [{ id: "car", name: { en: "Car" } }], config: {}, language: "", text: "", widthPx: 640, heightPx: 360 };
const spot = (x: number, y: number) => ({ at: { x, y }, screen: { x, y }, px: 1 });
let tool: TrackTool;
let drafts: [Draft, string][];
const say = vi.fn<(said: Said, track: Track, atMs: number) => void>();

beforeEach(() => {
  drafts = [];
  say.mockClear();
  tool = new TrackTool(IMAGE, 4000, 40, { change: (...next) => drafts.push(next), repaint: () => undefined, say });
  tool.label = "car";
});
function drag(from: [number, number], to: [number, number]): void {
  tool.down(spot(...from));
  tool.move(spot((from[0] + to[0]) / 2, (from[1] + to[1]) / 2));
  tool.move(spot(...to));
  tool.up();
}
const keys = () => tool.draft.tracks.map(({ keys }) => keys);

it("boxes an object by its four edges, or from corner to corner, where she is in time", () => {
  tool.go(400);
  for (const [x, y] of [
    [50, 20],
    [10, 40],
    [50, 60],
    [90, 40],
  ] as const) {
    tool.down(spot(x, y));
    tool.up();
  }
  expect(keys()).toEqual([[[400, 10, 20, 80, 40]]]);
  tool.choose(-1);
  drag([200, 100], [300, 180]);
  expect(keys()[1]).toEqual([[400, 200, 100, 100, 80]]);
  expect(tool.draft.active).toBe(1);
});

it("foretells where it goes, keeps what is right, and takes a fix", () => {
  drag([0, 0], [100, 100]);
  tool.right();
  expect([tool.draft.atMs, tool.box]).toEqual([400, { x: 0, y: 0, width: 100, height: 100 }]);
  drag([50, 50], [90, 50]); // it went 40 px to the right
  tool.right();
  expect([tool.draft.atMs, tool.box]).toEqual([800, { x: 80, y: 0, width: 100, height: 100 }]);
  tool.right();
  tool.gone();
  expect(keys()).toEqual([
    [
      [0, 0, 0, 100, 100],
      [400, 40, 0, 100, 100],
      [800, 80, 0, 100, 100],
    ],
  ]);
  expect([tool.draft.active, say.mock.lastCall?.[0]]).toEqual([-1, "gone"]);
});

it("is done with an object at the end of the clip", () => {
  tool.go(3900);
  drag([0, 0], [100, 100]);
  tool.right();
  expect(tool.draft.atMs).toBe(3960);
  tool.right();
  expect([tool.draft.active, say.mock.lastCall?.[0]]).toEqual([-1, "ended"]);
  expect(keys()[0]!.at(-1)![0]).toBe(3960);
});

it("puts a key frame right when she goes back, and by arrows as one step of undo", () => {
  drag([0, 0], [100, 100]);
  tool.right();
  tool.right();
  tool.step(-1);
  expect(tool.nudge(5, 0)).toBe(true);
  expect(keys()[0]).toEqual([
    [0, 0, 0, 100, 100],
    [400, 5, 0, 100, 100],
  ]);
  expect(drafts.at(-1)?.[1]).toBe("typing");
});

it("is between two key frames on the straight line, and nowhere outside of them", () => {
  const track = {
    label: "car",
    keys: [
      [1000, 0, 0, 100, 50],
      [2000, 100, 20, 50, 50],
    ] as Key[],
  };
  expect(boxAt(track, 1500)).toEqual({ x: 50, y: 10, width: 75, height: 50 });
  expect([boxAt(track, 999), boxAt(track, 2001)]).toEqual([null, null]);
  expect(foretold(track, 100_000, IMAGE).x).toBe(639); // never out of the picture
});

it("leaves out what the line gives anyway", () => {
  expect(
    thinned([
      [0, 0, 0, 10, 10],
      [400, 40, 0, 10, 10],
      [800, 80, 0, 10, 10],
      [1200, 80, 0, 10, 10],
    ]),
  ).toEqual([
    [0, 0, 0, 10, 10],
    [800, 80, 0, 10, 10],
    [1200, 80, 0, 10, 10],
  ]);
  expect(thinned([[0, 0, 0, 10, 10]])).toHaveLength(1);
});

it("is no answer while an object is half boxed, and asks once where one is still followed", () => {
  expect(() => answer.finish({ ...NOTHING, points: [{ x: 1, y: 1 }] }, QUESTION, true)).toThrow("tracks.points_left");
  expect(() => answer.finish(NOTHING, QUESTION, false)).toThrow("tracks.sure_nothing");
  const draft = { ...NOTHING, tracks: [{ label: "car", keys: [[0, 0, 0, 10, 10]] as Key[] }], active: 0 };
  expect(() => answer.finish(draft, QUESTION, false)).toThrow("tracks.sure_gone");
  expect(answer.finish(draft, QUESTION, true)).toEqual({ tracks: draft.tracks });
  expect(answer.show({ tracks: draft.tracks }, QUESTION).shapes).toMatchObject([{ kind: "range", startMs: 0, endMs: 0 }]);
});

it("tells the time", () => expect([0, 61_240].map(clock)).toEqual(["0:00.0", "1:01.2"]));
