// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { begin, found, isOff, press } from "@app/testing/page";
import { asked, drag, hold, key, labelled, withCanvas } from "@app/testing/widget";
import keypoints from "./widget";

const point = (id: string) => ({ id, name: { en: id } });
const SKELETON = { points: ["nose", "ear", "tail"].map(point), edges: [["nose", "ear"]] };
const question = (more: object = {}, labels = labelled("goat")) => asked({ labels, widthPx: 640, heightPx: 480, config: { skeleton: SKELETON, ...more } as never });
const next = () => found("asked")!.dataset.point;
/** The screen is half as large as the picture. */
const tap = (x: number, y: number) => drag(found("stage")!, [x, y]);

beforeEach(async () => {
  await begin(["work", "keypoints"]);
  withCanvas(320, 240);
});

describe("points", () => {
  it("are asked for one after the other, and placed where the finger lifts", async () => {
    const held = await hold(keypoints, question());
    expect(next()).toBe("nose");
    await tap(50, 20);
    expect(next()).toBe("ear");
    await drag(found("stage")!, [10, 10], [40, 30], [60, 40]);
    expect(await held.done()).toBe("keypoints.points_left");
    await tap(100, 100);
    expect(next()).toBe("");
    expect(await held.done()).toEqual({ figures: [{ label: "goat", points: { nose: [100, 40, 2], ear: [120, 80, 2], tail: [200, 200, 2] } }] });
  });

  it("may be hidden, or not there; a figure of which nothing is there is none", async () => {
    const held = await hold(keypoints, question());
    await press("point-hidden");
    await tap(50, 20);
    expect(found("point-hidden")!.getAttribute("aria-pressed")).toBe("false"); // it was that one
    await press("point-absent");
    await press("point-absent");
    expect(await held.done()).toEqual({ figures: [{ label: "goat", points: { nose: [100, 40, 1] } }] });
    await press("point-skip");
    expect(next()).toBe("nose");
    await press("point-absent");
    expect(await held.done()).toEqual({ figures: [] });
    expect([isOff("point-absent"), isOff("point-hidden")]).toEqual([true, true]);
  });

  it("are asked for again by a tap on the dot, and moved by the arrows of the screen", async () => {
    const held = await hold(keypoints, question());
    for (const x of [50, 100, 150]) await tap(x, 20);
    await tap(101, 21);
    expect(next()).toBe("ear");
    document.querySelector<HTMLButtonElement>('[aria-label="Move right"], .tools:last-child button:last-child')!.click();
    const { figures } = (await held.done()) as { figures: { points: Record<string, number[]> }[] };
    expect(figures[0]!.points.ear).toEqual([201, 40, 2]);
    expect(figures[0]!.points.nose).toEqual([100, 40, 2]);
  });

  it("are left for later and come back", async () => {
    await hold(keypoints, question());
    await press("point-skip");
    expect(next()).toBe("ear");
    await tap(50, 20);
    await tap(90, 20);
    expect(next()).toBe("nose");
    await press("point-back");
    expect(next()).toBe("tail");
  });
});

describe("by keys", () => {
  it("N places in the middle, arrows move, N confirms, H hides, X is not there", async () => {
    const held = await hold(keypoints, question());
    for (const name of ["n", "n", "h", "n", "n", "x"]) await key(name);
    expect(await held.done()).toEqual({ figures: [{ label: "goat", points: { nose: [320, 240, 2], ear: [320, 240, 1] } }] });
    await key(","); // back to the last
    expect(next()).toBe("tail");
    await key(",");
    await key("ArrowUp", { shiftKey: true });
    await key("h");
    const { figures } = (await held.done()) as { figures: { points: Record<string, number[]> }[] };
    expect(figures[0]!.points.ear).toEqual([320, 230, 2]);
  });
});

describe("several figures", () => {
  const several = question({ figures: "several" }, labelled("goat", "cow"));

  it("are begun, chosen and named each by itself", async () => {
    const held = await hold(keypoints, several);
    for (const x of [20, 60, 100]) await tap(x, 20);
    await press("another-figure");
    await press("label-cow");
    for (const x of [20, 60, 100]) await tap(x, 200);
    const { figures } = (await held.done()) as { figures: { label: string; points: Record<string, number[]> }[] };
    expect(figures.map(({ label, points }) => [label, points.nose![1]])).toEqual([
      ["goat", 40],
      ["cow", 400],
    ]);
    await press("figure-0");
    await press("label-cow");
    expect(((await held.done()) as typeof figures & { figures: typeof figures }).figures.map(({ label }) => label)).toEqual(["cow", "cow"]);
  });

  it("are removed one by one, and are one where the project asks for one", async () => {
    const held = await hold(keypoints, several);
    for (const x of [20, 60, 100]) await tap(x, 20);
    await press("remove");
    expect(await held.done()).toEqual({ figures: [] });
    expect(next()).toBe("nose");
    await begin(["work", "keypoints"]);
    await hold(keypoints, question());
    for (const x of [20, 60, 100]) await tap(x, 20);
    expect(found("another-figure")).toBeNull();
  });
});
