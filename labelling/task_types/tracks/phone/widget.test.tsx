// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import type { LoadedMedia } from "@app/app/widget";
import { begin, found, press, said, type } from "@app/testing/page";
import { asked, drag, hold, key, labelled, NO_MEDIA, withCanvas } from "@app/testing/widget";
import tracks from "./widget";

const QUESTION = asked({ labels: labelled("car", "goat"), widthPx: 640, heightPx: 480, config: { labels: [] } as never });
const CLIP: LoadedMedia = { ...NO_MEDIA, kind: "video", url: "blob:clip", widthPx: 640, heightPx: 480, durationMs: 1000, frames: 25 };
type Value = { tracks: { label: string; keys: number[][] }[] };
const open = (draft = tracks.empty) => hold(tracks, QUESTION, { media: CLIP, draft });
/** The screen is half as large as the picture. */
const box = (x: number, y: number, width: number, height: number) => drag(found("stage")!, [x, y], [x + width / 2, y + height / 2], [x + width, y + height]);
const at = () => Number(found("track-position")!.dataset.at);

beforeEach(async () => {
  await begin(["work", "tracks"]);
  withCanvas(320, 240);
});

describe("an object", () => {
  it("is boxed once and looked at every ten frames: it goes on as it went", async () => {
    const held = await open();
    await box(10, 10, 100, 80);
    expect(at()).toBe(0);
    await press("track-right");
    expect(at()).toBe(400);
    document.querySelector<HTMLButtonElement>('[aria-label="Move right"]')?.click();
    await key("ArrowRight", { shiftKey: true });
    await press("track-right");
    const [track] = ((await held.done()) as Value).tracks;
    expect(track!.keys[0]).toEqual([0, 20, 20, 200, 160]);
    expect(track!.keys.at(-1)![0]).toBe(400);
    expect(track!.keys.at(-1)![1]).toBeGreaterThanOrEqual(30);
  });

  it("is gone: it was last where it was seen", async () => {
    const held = await open();
    await box(10, 10, 100, 80);
    await press("track-right");
    await press("track-gone");
    expect(await held.done()).toEqual({ tracks: [{ label: "car", keys: [[0, 20, 20, 200, 160]] }] });
    expect(found("track-right")).toBeNull();
    expect(found("track-0")!.textContent).toContain("car");
  });

  it("ends with the clip by itself", async () => {
    const held = await open();
    await box(10, 10, 100, 80);
    for (let looks = 0; looks < 4; looks++) await press("track-right");
    expect(found("track-right")).toBeNull();
    const [track] = ((await held.done()) as Value).tracks;
    expect([track!.keys[0]![0], track!.keys.at(-1)![0]]).toEqual([0, 960]);
  });

  it("is chosen from the list, where it begins, renamed and removed", async () => {
    const held = await open(tracks.start({ tracks: [{ label: "car", keys: [[200, 20, 20, 80, 60] as never, [600, 40, 20, 80, 60] as never] }] }));
    await press("track-0");
    expect(at()).toBe(200);
    await press("label-goat");
    await press("finish-one");
    expect((await held.done()) as Value).toEqual({
      tracks: [
        {
          label: "goat",
          keys: [
            [200, 20, 20, 80, 60],
            [600, 40, 20, 80, 60],
          ],
        },
      ],
    });
    await press("track-0");
    await press("remove");
    expect(await held.done()).toEqual({ tracks: [] });
  });
});

describe("where in the clip she is", () => {
  it("goes by ten frames, anywhere, and not over its ends", async () => {
    await open();
    await press("track-on");
    expect(at()).toBe(400);
    await press("track-back");
    await press("track-back");
    expect(at()).toBe(0);
    await type("track-position", "960");
    await press("track-on");
    expect(at()).toBe(960);
  });

  it("is nothing to take back", async () => {
    const held = await open();
    await press("track-on");
    await press("track-back");
    expect(new Set(held.hows)).toEqual(new Set(["silent"]));
  });
});

describe("by keys", () => {
  it("N boxes in the middle, R is right, B goes back, G is gone", async () => {
    const held = await open();
    await key("2");
    await key("n");
    await key("r");
    await key("r");
    await key("g");
    const [track] = ((await held.done()) as Value).tracks;
    expect(track!.label).toBe("goat");
    expect(track!.keys.map(([ms]) => ms)).toEqual([0, 400]);
    expect(track!.keys[0]!.slice(1)).toEqual(track!.keys[1]!.slice(1));
    expect(at()).toBe(800);
    await key("b");
    expect(at()).toBe(400);
  });

  it("M sizes what else it moves", async () => {
    const held = await open();
    await key("n");
    const [, x, y, width, height] = ((await held.done()) as Value).tracks[0]!.keys[0]!;
    await key("ArrowRight");
    expect(((await held.done()) as Value).tracks[0]!.keys[0]).toEqual([0, x! + 1, y, width, height]);
    await key("m");
    await key("ArrowRight");
    expect(((await held.done()) as Value).tracks[0]!.keys[0]!.slice(3)).not.toEqual([width, height]);
  });

  it("arrows on the slider are its own", async () => {
    const held = await open();
    await key("n");
    const before = await held.done();
    await key("ArrowRight", {}, found("track-position")!);
    expect(await held.done()).toEqual(before);
  });
});

it("says how many edges are left of a box that is tapped", async () => {
  const held = await open();
  expect(said()).toContain("Tap its top, left, bottom and right edge");
  await drag(found("stage")!, [50, 10]);
  expect(await held.done()).toBe("tracks.points_left");
  for (const [x, y] of [
    [10, 40],
    [50, 70],
    [90, 40],
  ] as const)
    await drag(found("stage")!, [x, y]);
  expect(((await held.done()) as Value).tracks[0]!.keys).toEqual([[0, 20, 20, 160, 120]]);
});
