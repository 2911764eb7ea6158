import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { pressed } from "./keys";
import { SpanTool, type Said } from "./tool";
import type { Word } from "./words";

const QUESTION = { labels: [{ id: "person", name: { en: "Person" } }], config: {}, language: "en", text: "", widthPx: 0, heightPx: 0 };
const say = vi.fn<(said: Said) => void>();
let tool: SpanTool;
let from: { current: Word | null };
let focused: number;

function begin(text: string, language = "en"): void {
  tool = new SpanTool(text, language, { change: () => undefined, redraw: () => undefined, say });
  from = { current: null };
  focused = tool.words[0]!.start;
}

beforeEach(() => {
  say.mockClear();
  vi.stubGlobal("document", { querySelector: (which: string) => ({ focus: () => (focused = Number(/\d+/.exec(which)![0])) }) });
  begin("Thandi lives in Durban");
});
afterEach(() => vi.unstubAllGlobals());

/** A key on the word that has the focus, or on something else of the page. */
function press(key: string, { shiftKey = false, onWord = true } = {}): boolean {
  const target = { dataset: onWord ? { start: String(focused) } : {} };
  return pressed(tool, QUESTION, { key, shiftKey, target } as unknown as KeyboardEvent, from);
}
const under = () => tool.words.find((word) => word.start === focused)!.start;
const spans = () => tool.draft.spans.map(({ label, start, end }) => [label, start, end]);

it("goes from word to word, and stays on the last", () => {
  for (const _ of "12345") expect(press("ArrowRight")).toBe(true);
  expect(under()).toBe(16);
  press("ArrowLeft");
  expect(under()).toBe(13);
});

it("goes the way that the writing runs", () => {
  begin("مرحبا بالعالم اليوم", "ar");
  press("ArrowLeft");
  expect(under()).toBe(tool.words[1]!.start);
  press("ArrowRight");
  expect(under()).toBe(0);
});

it("marks on the way with Shift, from where it began, and back again", () => {
  press("ArrowRight", { shiftKey: true });
  press("ArrowRight", { shiftKey: true });
  expect(tool.range).toMatchObject({ start: 0, end: 15, closed: true });
  press("ArrowLeft", { shiftKey: true });
  expect(tool.range).toMatchObject({ start: 0, end: 12 });
  press("1");
  expect(spans()).toEqual([["person", 0, 12]]);
});

it("begins anew after a step without Shift", () => {
  press("ArrowRight", { shiftKey: true });
  press("ArrowRight");
  press("ArrowRight", { shiftKey: true });
  expect(tool.range).toMatchObject({ start: 13, end: 22 });
});

it("taps with Enter and with the space bar, also on a word of which there are two", () => {
  begin("no no no");
  press("ArrowRight");
  press("Enter");
  press("ArrowRight");
  press(" ");
  press("1");
  expect(spans()).toEqual([["person", 3, 8]]);
});

it("stretches, steps and removes from wherever the focus is", () => {
  press(" ");
  press(" ");
  press("ArrowRight", { shiftKey: true });
  press("1");
  tool.select(0);
  expect(press("}", { onWord: false })).toBe(true);
  expect(spans()).toEqual([["person", 0, 15]]);
  press("]", { onWord: false });
  expect(spans()).toEqual([["person", 7, 15]]);
  press("Escape", { onWord: false });
  press(".", { onWord: false });
  press("Delete", { onWord: false });
  expect(spans()).toEqual([]);
});

it("says that a word has to be tapped first, and leaves all other keys to the browser", () => {
  expect(press("1")).toBe(true);
  expect(say.mock.lastCall?.[0]).toBe("tap_first");
  for (const key of ["2", "q", "Tab"]) expect(press(key), key).toBe(false);
  for (const key of ["Enter", " ", "ArrowRight"]) expect(press(key, { onWord: false }), key).toBe(false);
});
