// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import type { LoadedMedia } from "@app/app/widget";
import { begin, found, press, settled } from "@app/testing/page";
import { asked, hold, key, labelled, NO_MEDIA, withCanvas } from "@app/testing/widget";
import segments from "./widget";

const QUESTION = asked({ labels: labelled("speech", "music"), config: { labels: [] } as never });
const SOUND: LoadedMedia = { ...NO_MEDIA, kind: "audio", url: "blob:sound", durationMs: 10_000, peaks: [0, 50, 100, 50], activity: [[1000, 2500]] };
let playing = false;
let atS = 0;

/** A sound that is where it is put to, and plays when it is told to. */
function aSound(): void {
  [playing, atS] = [false, 0];
  const own = (name: string, value: PropertyDescriptor) => Object.defineProperty(HTMLMediaElement.prototype, name, { configurable: true, ...value });
  own("currentTime", { get: () => atS, set: (to: number) => (atS = to) });
  own("paused", { get: () => !playing });
  own("ended", { get: () => false });
  own("seeking", { get: () => false });
  own("readyState", { get: () => 4 });
  HTMLMediaElement.prototype.play = async () => void (playing = true);
  HTMLMediaElement.prototype.pause = () => void (playing = false);
}

async function open(draft = segments.empty) {
  return hold(segments, QUESTION, { media: SOUND, draft });
}

/** The sound has come so far. */
async function heardTo(ms: number): Promise<void> {
  atS = ms / 1000;
  await settled();
}

beforeEach(async () => {
  await begin(["work", "segments"]);
  withCanvas(360, 80);
  aSound();
});

describe("a segment", () => {
  it("begins where the sound is and ends where it is then; what begins is heard", async () => {
    const held = await open();
    await heardTo(1200);
    await press("hold"); // as who presses keys does: no pointer
    expect(playing).toBe(true);
    expect(await held.done()).toBe("segments.begun_left");
    await heardTo(3400);
    await press("hold");
    expect(await held.done()).toEqual({ segments: [{ label: "speech", start_ms: 1200, end_ms: 3400 }] });
  });

  it("lasts as long as the finger stays", async () => {
    const held = await open();
    const finger = (name: string, timeStamp: number) => {
      const event = new PointerEvent(name, { pointerId: 1, bubbles: true });
      Object.defineProperty(event, "timeStamp", { value: timeStamp });
      found("hold")!.dispatchEvent(event);
    };
    await heardTo(500);
    finger("pointerdown", 0);
    await heardTo(900);
    finger("pointerup", 400);
    expect(await held.done()).toEqual({ segments: [{ label: "speech", start_ms: 500, end_ms: 900 }] });
    await heardTo(2000);
    finger("pointerdown", 1000);
    finger("pointerup", 1100); // a tap: it begins only
    expect(await held.done()).toBe("segments.begun_left");
  });

  it("bears the label that was chosen before it, and is never mind'd", async () => {
    const held = await open();
    await press("label-music");
    await press("hold");
    await press("never-mind");
    expect(await held.done()).toEqual({ segments: [] });
    await heardTo(100);
    await press("hold");
    await heardTo(700);
    await press("hold");
    expect(await held.done()).toEqual({ segments: [{ label: "music", start_ms: 100, end_ms: 700 }] });
  });

  it("is what is heard next, taken in one tap, once", async () => {
    const held = await open();
    await press("take");
    expect(await held.done()).toEqual({ segments: [{ label: "speech", start_ms: 1000, end_ms: 2500 }] });
    expect(atS).toBe(2.5);
    await press("take");
    expect(((await held.done()) as { segments: unknown[] }).segments.length).toBe(1);
  });

  it("is too short for one: said, and not kept", async () => {
    const held = await open();
    await press("hold");
    await heardTo(40);
    await press("hold");
    expect(await held.done()).toEqual({ segments: [] });
  });
});

describe("one that is there", () => {
  const GIVEN = segments.start({ segments: [{ label: "speech", start_ms: 1000, end_ms: 2000 }] } as never);

  it("is chosen from the list, stands still at its start, and is moved by steps", async () => {
    const held = await open(GIVEN);
    playing = true;
    await press("segment-0");
    expect([playing, atS]).toEqual([false, 1]);
    await press("nudge-100");
    await press("nudge10");
    expect(await held.done()).toEqual({ segments: [{ label: "speech", start_ms: 910, end_ms: 2000 }] });
    expect(atS).toBeCloseTo(0.91);
  });

  it("has its end put to where the sound is", async () => {
    const held = await open(GIVEN);
    await press("segment-0");
    await press("side-end");
    expect(atS).toBe(2);
    await heardTo(2750);
    await press("put-here");
    await press("finish-one");
    expect(await held.done()).toEqual({ segments: [{ label: "speech", start_ms: 1000, end_ms: 2750 }] });
    expect(found("side-end")).toBeNull();
  });

  it("is heard around its end, renamed and removed", async () => {
    const held = await open(GIVEN);
    await press("segment-0");
    await press("around");
    expect([playing, atS < 1]).toEqual([true, true]);
    await press("label-music");
    expect(await held.done()).toEqual({ segments: [{ label: "music", start_ms: 1000, end_ms: 2000 }] });
    await press("remove");
    expect(await held.done()).toEqual({ segments: [] });
  });
});

describe("by keys", () => {
  it("N begins and ends, arrows go, a digit names, brackets move the ends", async () => {
    const held = await open();
    await key("ArrowRight", { shiftKey: true });
    await key("n");
    await key("ArrowRight", { shiftKey: true });
    await key("ArrowRight");
    await key("n");
    expect(await held.done()).toEqual({ segments: [{ label: "speech", start_ms: 1000, end_ms: 2100 }] });
    await key(".");
    for (const name of ["2", "]", "{"]) await key(name);
    expect(await held.done()).toEqual({ segments: [{ label: "music", start_ms: 1010, end_ms: 2090 }] });
    await key("Delete");
    expect(await held.done()).toEqual({ segments: [] });
  });

  it("the space bar plays and stands still", async () => {
    await open();
    await key(" ");
    expect(playing).toBe(true);
    await key(" ");
    expect(playing).toBe(false);
  });
});

it("plays at three speeds, one after the other, and goes back", async () => {
  await open();
  await heardTo(5000);
  const keys = [...document.querySelectorAll<HTMLButtonElement>(".seg-player button")];
  keys[1]!.click();
  expect(atS).toBe(2);
  const speeds: number[] = [];
  for (let times = 0; times < 3; times++) {
    document.querySelectorAll<HTMLButtonElement>(".seg-player button")[2]!.click();
    await settled();
    speeds.push(found<HTMLAudioElement>("sound")!.playbackRate);
  }
  expect(speeds).toEqual([1.5, 0.75, 1]);
});
