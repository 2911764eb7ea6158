// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { begin, found, press } from "@app/testing/page";
import { asked, hold, key, labelled, withCanvas } from "@app/testing/widget";
import spans from "./widget";

//            0    5   9      16  20       29
const TEXT = "Thabo and Ayanda met in Umlazi today.";
const QUESTION = asked({ labels: labelled("person", "place"), text: TEXT, config: { labels: [] } as never });
const word = (start: number) => found(`word-${start}`)!;

beforeEach(async () => {
  await begin(["work", "spans"]);
  withCanvas(360, 640);
});

describe("words", () => {
  it("are marked from one tap to another, and named", async () => {
    const held = await hold(spans, QUESTION);
    await press("word-0");
    await press("word-10");
    expect(found("strip")!.querySelector("strong")!.textContent).toBe("Thabo and Ayanda");
    expect(await held.done()).toBe("spans.begun_left");
    await press("label-person");
    expect(await held.done()).toEqual({ spans: [{ label: "person", start: 0, end: 16 }] });
    expect(word(0).getAttribute("aria-label")).toContain("person");
    expect(word(17).getAttribute("aria-label")).toBeNull();
  });

  it("are one word after one tap; tapped again they are not meant", async () => {
    const held = await hold(spans, QUESTION);
    await press("word-24");
    await press("label-place");
    await press("word-0");
    await press("word-0");
    expect(await held.done()).toEqual({ spans: [{ label: "place", start: 24, end: 30 }] });
  });

  it("may bear two labels, and none of them twice", async () => {
    const held = await hold(spans, QUESTION);
    for (const label of ["person", "place"]) {
      await press("word-0");
      if (label === "place") await press("word-0"); // the first tap chooses the mark that lies there
      await press(`label-${label}`);
    }
    expect((await held.done()) as object).toEqual({
      spans: [
        { label: "person", start: 0, end: 5 },
        { label: "place", start: 0, end: 5 },
      ],
    });
  });

  it("without a mark first: the label says so and marks nothing", async () => {
    const held = await hold(spans, QUESTION);
    await press("label-person");
    expect(await held.done()).toEqual({ spans: [] });
    expect(held.said.length).toBe(1);
  });
});

describe("a mark", () => {
  const GIVEN = spans.start({ spans: [{ label: "person", start: 0, end: 5 }] } as never);

  it("is chosen from the list and renamed", async () => {
    const held = await hold(spans, QUESTION, { draft: GIVEN });
    await press("span-0");
    await press("label-place");
    await press("finish-one");
    expect(await held.done()).toEqual({ spans: [{ label: "place", start: 0, end: 5 }] });
    expect(found("strip")).toBeNull();
  });

  it("has its ends moved by words and by letters, and never past each other", async () => {
    const held = await hold(spans, QUESTION, { draft: GIVEN });
    await press("word-0");
    await press("end-later");
    expect(await held.done()).toEqual({ spans: [{ label: "person", start: 0, end: 9 }] });
    await press("by-letters");
    await press("end-earlier");
    await press("start-later");
    expect(await held.done()).toEqual({ spans: [{ label: "person", start: 1, end: 8 }] });
    await press("by-letters");
    for (let times = 0; times < 4; times++) await press("start-later");
    expect(await held.done()).toEqual({ spans: [{ label: "person", start: 6, end: 8 }] });
  });

  it("is removed", async () => {
    const held = await hold(spans, QUESTION, { draft: GIVEN });
    await press("span-0");
    await press("remove");
    expect(await held.done()).toEqual({ spans: [] });
  });
});

describe("by keys", () => {
  it("arrows go from word to word, Shift marks on the way, a digit names", async () => {
    const held = await hold(spans, QUESTION);
    await key("ArrowRight", {}, word(0));
    expect(document.activeElement).toBe(word(6));
    await key("ArrowRight", { shiftKey: true }, word(6));
    await key("ArrowRight", { shiftKey: true }, word(10));
    await key("2");
    expect(await held.done()).toEqual({ spans: [{ label: "place", start: 6, end: 20 }] });
    expect(document.activeElement).toBe(word(17));
  });

  it("Enter taps, comma chooses, Delete removes", async () => {
    const held = await hold(spans, QUESTION);
    for (const [start, digit] of [
      [0, "1"],
      [24, "2"],
    ] as const) {
      await key("Enter", {}, word(start));
      await key(digit);
    }
    await key(",");
    await key("Backspace");
    expect(await held.done()).toEqual({ spans: [{ label: "person", start: 0, end: 5 }] });
  });
});

it("goes from right to left where the letters do", async () => {
  const text = "ذهب أحمد إلى المدرسة";
  await hold(spans, { ...QUESTION, text });
  await key("ArrowLeft", {}, word(0));
  expect(document.activeElement).toBe(word(4));
  await press("word-4");
  expect(found("strip")!.getAttribute("dir")).toBe("rtl");
});
