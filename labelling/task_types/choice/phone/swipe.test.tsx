// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { LoadedMedia, Question, TaskType } from "@app/app/widget";
import { doneKeyOf } from "@app/screens/task/done_key";
import { begin, found, press, settled, show } from "@app/testing/page";
import choice from "./widget";

const type = choice as unknown as TaskType<unknown, unknown>;
const labels = ["left", "right", "up"].map((id) => ({ id, name: { en: id } }));
const PICTURE = { kind: "image", url: "blob:a", widthPx: 400, heightPx: 300 } as LoadedMedia;
const TEXT = { ...PICTURE, kind: null, url: null };
const question = (more: object = {}) => ({ labels, text: "", config: { labels, look: "swipe" }, ...more }) as unknown as Question;
const finish = vi.fn();

async function open(media: LoadedMedia, asked: Question): Promise<void> {
  show(<type.Widget question={asked} media={media} draft={type.empty} change={() => undefined} announce={() => undefined} finish={finish} quick={false} />);
  await settled();
}

/** A finger on an element, moved by so much and lifted. */
function push(element: Element, dx: number, dy = 0, finger = { isPrimary: true, pointerId: 1 }): void {
  const tell = (name: string, x: number, y: number) => element.dispatchEvent(new PointerEvent(name, { ...finger, clientX: x, clientY: y, bubbles: true }));
  tell("pointerdown", 100, 100);
  tell("pointermove", 100 + dx, 100 + dy);
  tell("pointerup", 100 + dx, 100 + dy);
}
const given = () => finish.mock.calls.map(([draft]) => draft.label);

beforeEach(async () => {
  await begin(["work", "choice"]);
  finish.mockClear();
  Object.defineProperty(HTMLElement.prototype, "clientWidth", { value: 360, configurable: true });
  HTMLElement.prototype.setPointerCapture = () => undefined;
});

describe("a card", () => {
  it.each([
    [-120, 0, "left"],
    [120, 0, "right"],
    [0, -120, "up"],
  ])("that is pushed by %i, %i is answered", async (dx, dy, label) => {
    await open(TEXT, question({ text: "short" }));
    push(found("swipe-card")!, dx, dy);
    expect(given()).toEqual([label]);
  });

  it.each([
    [40, 0],
    [60, 130],
    [0, 130],
  ])("that is pushed by %i, %i goes back", async (dx, dy) => {
    await open(TEXT, question({ text: "short" }));
    push(found("swipe-card")!, dx, dy);
    expect(given()).toEqual([]);
  });

  it("of parts is read up and down, and pushed to the sides alone", async () => {
    await open(TEXT, question({ parts: [{ id: "p0", role: "prompt", kind: "text", text: "What now?" }] }));
    push(found("part-p0")!, 0, -200);
    expect(given()).toEqual([]);
    push(found("part-p0")!, -120);
    expect(given()).toEqual(["left"]);
  });

  it("is not pushed by who drags its enlarged picture", async () => {
    await open(PICTURE, question());
    await press("picture");
    push(found("enlarged-stage")!, 200);
    expect(given()).toEqual([]);
  });

  it("is not pushed by two fingers, which enlarge", async () => {
    await open(PICTURE, question());
    const card = found("swipe-card")!;
    const tell = (name: string, pointerId: number, x: number) => card.dispatchEvent(new PointerEvent(name, { pointerId, isPrimary: pointerId === 1, clientX: x, clientY: 100, bubbles: true }));
    tell("pointerdown", 1, 100);
    tell("pointerdown", 2, 200);
    tell("pointermove", 1, 300);
    tell("pointerup", 1, 300);
    expect(given()).toEqual([]);
  });

  it("has its keys before the words on how it is pushed, which large letters push out of the dock", async () => {
    await open(TEXT, question({ text: "short" }));
    expect([...document.querySelector(".dock")!.children].map(({ className }) => className.split(" ").pop())).toEqual(["up", "swipe-keys", "swipe-how"]);
  });

  it("has no Done key: nothing is chosen on it that could be sent", () => {
    expect(doneKeyOf(type, type.empty, question())).toBeNull();
    expect(doneKeyOf(type, type.empty, question({ config: { labels } }))).toBe("task.done");
  });
});
