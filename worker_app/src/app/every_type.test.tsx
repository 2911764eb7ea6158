// @vitest-environment happy-dom
/** What every task type's part on the phone keeps to, tried with the answers of its own folder (examples/cases.json), as tests/types does with its Python. */
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { sameForm } from "@app/screens/task/use_task";
import { begin, clear, settled, show } from "@app/testing/page";
import { answered, isPlain } from "./keys";
import { Further, loadTaskType, Unfinished, type LoadedMedia, type Question, type TaskType } from "./widget";

type Case = { value: unknown; canonical: unknown };
type Asked = { labels: string[]; config: Record<string, unknown>; text: string; language?: string; parts?: Question["parts"]; width_px?: number; height_px?: number; duration_ms?: number };
const FILES = import.meta.glob<{ question: Asked; good: Case[] }>("../../../labelling/task_types/*/examples/cases.json", { eager: true, import: "default" });
const OF = Object.fromEntries(Object.entries(FILES).map(([path, cases]) => [/task_types\/(\w+)/.exec(path)![1]!, cases]));
const CASES = Object.entries(OF).flatMap(([name, { good }]) => good.map(({ canonical }, k) => [name, k, canonical] as const));
const TYPES = Object.keys(OF);

function questionOf(name: string): Question {
  const { labels, config, text, language = "en", parts, width_px = 0, height_px = 0 } = OF[name]!.question;
  const named = (config.labels as Question["labels"]) ?? labels.map((id) => ({ id, name: { en: id } }));
  return { labels: named, config: { ...config, labels: named }, language, text, widthPx: width_px, heightPx: height_px, ...(parts && { parts }) } as Question;
}

function mediaOf(name: string): LoadedMedia {
  const { width_px: widthPx = 0, height_px: heightPx = 0, duration_ms: durationMs = 0 } = OF[name]!.question;
  const kind = durationMs ? (widthPx ? "video" : "audio") : widthPx ? "image" : null;
  return { kind, url: kind && "blob:here", widthPx, heightPx, durationMs, peaks: null };
}

/** Of a type that goes on from screen to screen, at its last one. */
function finished(type: TaskType<unknown, unknown>, draft: unknown, question: Question): unknown {
  for (let screens = 0; screens < 300; screens++) {
    try {
      return type.finish(draft, question, true);
    } catch (error) {
      if (!(error instanceof Further)) throw error;
      draft = error.draft;
    }
  }
  throw new Error("it never ends");
}

const load = async (name: string): Promise<TaskType<unknown, unknown>> => (await loadTaskType(name, OF[name]!.question.config))!;

beforeEach(async () => {
  await begin(["account", "work", ...TYPES]);
  const pen = new Proxy({}, { get: (_, what) => (what === "measureText" ? () => ({ width: 10 }) : () => undefined), set: () => true });
  HTMLCanvasElement.prototype.getContext = (() => pen) as never;
  vi.stubGlobal(
    "Path2D",
    class {
      rect() {}
      moveTo() {}
      lineTo() {}
      closePath() {}
      addPath() {}
      arc() {}
      ellipse() {}
    },
  );
});

it("finds them all", () => expect(TYPES.length).toBeGreaterThan(12));

describe("a computer's guess that is taken as it is", () => {
  const asks: string[] = [];

  it.each(CASES)("%s, %i, is the same answer again", async (name, k, value) => {
    const type = await load(name);
    try {
      expect(finished(type, type.start(structuredClone(value)), questionOf(name))).toEqual(value);
    } catch (error) {
      if (!(error instanceof Unfinished)) throw error;
      asks.push(`${name} ${k}`);
    }
  });

  // One that leaves out what may be there says nothing of it: that is asked.
  it("is complete but for one", () => expect(asks.length).toBeLessThan(2));
});

describe("a draft that outlived a killed tab", () => {
  it.each(CASES)("%s, %i, is of the form that is drawn with", async (name, _, value) => {
    const type = await load(name);
    expect(sameForm(type.start(structuredClone(value)), type.empty)).toBe(true);
  });
});

describe("an answer to look at", () => {
  it.each(CASES)("%s, %i, says something that can be drawn", async (name, _, value) => {
    const drawing = (await load(name)).show(structuredClone(value), questionOf(name));
    expect(Object.values(drawing).some((part) => part !== undefined)).toBe(true);
  });
});

describe("nothing answered yet", () => {
  it.each(TYPES)("%s is no answer, or is asked about once", async (name) => {
    const type = await load(name);
    expect(() => type.finish(structuredClone(type.empty), questionOf(name), false)).toThrow();
  });
});

describe("on the screen", () => {
  const changes = vi.fn();
  const finish = vi.fn();

  async function draw(name: string, draft: unknown): Promise<void> {
    const { Widget } = await load(name);
    show(<Widget question={questionOf(name)} media={mediaOf(name)} draft={draft} change={changes} announce={vi.fn()} finish={finish} quick={false} />);
    await settled();
  }

  /** What a screen reader would say of it. */
  const nameOf = (element: Element): string =>
    [
      element.getAttribute("aria-label"),
      element.textContent,
      element.getAttribute("placeholder"),
      element.closest("label")?.textContent,
      element.id && document.querySelector(`label[for="${element.id}"]`)?.textContent,
      element.getAttribute("title"),
    ]
      .find((said) => said?.trim())
      ?.trim() ?? "";

  it.each(TYPES)("everything of %s that can be pressed or typed into has a name, and no key of a message shows", async (name) => {
    const type = await load(name);
    for (const draft of [type.empty, type.start(structuredClone(OF[name]!.good[0]!.canonical))]) {
      clear();
      await draw(name, structuredClone(draft));
      const live = [...document.querySelectorAll("button, input, textarea, select, [role=button]")];
      expect(live.length).toBeGreaterThan(0);
      expect(live.filter((element) => !nameOf(element)).map((element) => element.outerHTML.slice(0, 120))).toEqual([]);
      expect(
        [...document.querySelectorAll("*")]
          .flatMap((one) => [one.getAttribute("aria-label") ?? "", one.children.length ? "" : (one.textContent ?? "")])
          .filter((said) => /^[a-z]+\.[a-z_.]+$/.test(said)),
      ).toEqual([]);
    }
  });

  it.each(TYPES)("%s answers every key of a keyboard, or leaves it alone", async (name) => {
    await draw(name, structuredClone((await load(name)).empty));
    const faults: unknown[] = [];
    window.addEventListener("error", (event) => faults.push(event.error ?? event.message));
    for (const key of [..."1234567890nNmrgbfvhlxas+-=,.[]{} ", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Delete", "Backspace", "Escape", "Home", "F5"]) {
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      await new Promise((resolve) => setTimeout(resolve));
    }
    expect(faults).toEqual([]);
  });

  it.each(TYPES)("%s hears no key that is held with Ctrl: it is the browser's", async (name) => {
    changes.mockClear();
    finish.mockClear();
    await draw(name, structuredClone((await load(name)).empty));
    changes.mockClear();
    for (const key of "123nvx") document.body.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey: true, bubbles: true }));
    await settled();
    expect([changes.mock.calls, finish.mock.calls]).toEqual([[], []]);
  });
});

it("a key behind a sheet is nobody's", () => {
  document.body.innerHTML = "<dialog open></dialog>";
  const press = vi.fn(() => true);
  answered(new KeyboardEvent("keydown", { key: "1" }), (event) => isPlain(event) && press());
  expect(press).not.toHaveBeenCalled();
});
