// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { begin, found, press, said } from "@app/testing/page";
import { asked, drag, hold, key, labelled, withCanvas } from "@app/testing/widget";
import boxes from "./widget";

const QUESTION = asked({ labels: labelled("car", "goat"), widthPx: 640, heightPx: 480, config: { labels: [] } as never });
type Box = { label: string; x: number; y: number; width: number; height: number };
type Value = { boxes: Box[] };
const open = (draft = boxes.empty) => hold(boxes, QUESTION, { draft });
const GIVEN = boxes.start({ boxes: [{ label: "car", x: 20, y: 20, width: 80, height: 60 }] });
/** The screen is half as large as the picture. */
const tap = (x: number, y: number) => drag(found("stage")!, [x, y]);
const place = ({ x, y, width, height }: Box) => [x, y, width, height];

beforeEach(async () => {
  await begin(["work", "boxes"]);
  withCanvas(320, 240);
});

describe("a box", () => {
  it("is four taps on its edges; fewer are no answer", async () => {
    const held = await open();
    for (const [x, y] of [
      [50, 10],
      [10, 40],
      [50, 70],
    ] as const)
      await tap(x, y);
    expect(await held.done()).toBe("boxes.points_left");
    await tap(90, 40);
    expect(await held.done()).toEqual({ boxes: [{ label: "car", x: 20, y: 20, width: 160, height: 120 }] });
  });

  it("is drawn from corner to corner where she has chosen that", async () => {
    const held = await open();
    await press("mode-drag");
    await press("label-goat");
    await drag(found("stage")!, [10, 10], [30, 20], [60, 40]);
    expect(await held.done()).toEqual({ boxes: [{ label: "goat", x: 20, y: 20, width: 100, height: 60 }] });
  });

  it("is not drawn by the hand that moves the picture", async () => {
    const held = await open();
    await press("mode-drag");
    await press("mode-hand");
    await drag(found("stage")!, [10, 10], [30, 20], [60, 40]);
    expect(await held.done()).toEqual({ boxes: [] });
  });

  it("is chosen from the list, moved by arrows, named and removed", async () => {
    const held = await open(GIVEN);
    await press("shape-0");
    expect(found("shape-0")!.getAttribute("aria-pressed")).toBe("true");
    await key("ArrowDown");
    await key("ArrowRight", { shiftKey: true });
    await press("label-goat");
    expect(await held.done()).toEqual({ boxes: [{ label: "goat", x: 30, y: 21, width: 80, height: 60 }] });
    await press("finish-one");
    expect(found("remove")).toBeNull();
    await press("shape-0");
    await press("remove");
    expect(await held.done()).toEqual({ boxes: [] });
  });

  it("never leaves the picture", async () => {
    const held = await open(GIVEN);
    await press("shape-0");
    for (let times = 0; times < 5; times++) await key("ArrowLeft", { shiftKey: true });
    expect(place(((await held.done()) as Value).boxes[0]!)).toEqual([0, 20, 80, 60]);
  });
});

describe("by keys", () => {
  it("N boxes in the middle of what is seen, M sizes, Escape leaves it", async () => {
    const held = await open();
    await key("n");
    const [x, y, width, height] = place(((await held.done()) as Value).boxes[0]!);
    expect([x! + width! / 2, y! + height! / 2]).toEqual([320, 240]);
    await key("m");
    await key("ArrowRight");
    expect(place(((await held.done()) as Value).boxes[0]!)).not.toEqual([x! + 1, y, width, height]);
    await key("Escape");
    const before = await held.done();
    await key("ArrowRight"); // moves the picture, for nothing is chosen
    expect(await held.done()).toEqual(before);
  });

  it("comma and full stop go from one to the next, Delete removes that one", async () => {
    const two = boxes.start({
      boxes: [
        { label: "car", x: 0, y: 0, width: 20, height: 20 },
        { label: "goat", x: 100, y: 0, width: 20, height: 20 },
      ],
    });
    const held = await open(two);
    await key(",");
    await key("Delete");
    expect(((await held.done()) as Value).boxes.map(({ label }) => label)).toEqual(["car"]);
  });
});

it("says what there is to do, and where there is nothing asks once", async () => {
  const held = await open();
  expect(said()).toContain("4");
  expect(() => boxes.finish(held.draft as never, QUESTION, false)).toThrow("stage.sure_nothing");
  await key("+");
  expect(boxes.finish(held.draft as never, QUESTION, false)).toEqual({ boxes: [] }); // she has looked closely
});
