import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { db, type Packed } from "@app/outbox/db";
import type { Batch } from "@app/app/types";
import type { Task } from "./next_task";

const TYPES = Object.keys(import.meta.glob("../../../../labelling/task_types/*/phone/widget.tsx")).map((path) => /task_types\/(\w+)/.exec(path)![1]!);
const LABELS = [{ id: "good", name: { en: "Good" } }];
const BATCH = { batch: 3, project: 1, title: "Good or bad?", task_type: "choice", config: { labels: LABELS, language: "zu" }, task_s: 5, bytes_per_task: 0 } as unknown as Batch;
let server: Record<string, () => Response>;
let asked: string[];
let tasks: typeof import("./next_task");
let taught: typeof import("./taught");

const lease = (name: string, more: Partial<Packed> = {}): Packed =>
  ({ lease: name, owner: "w1", batch: 3, project: 1, item: { id: 1, text: `text of ${name}` }, expires_at: new Date(Date.now() + 3_600_000).toISOString(), ...more }) as Packed;

beforeEach(async () => {
  const database = await db();
  for (const store of ["outbox", "pack", "meta"] as const) await database.clear(store);
  [server, asked] = [{}, []];
  vi.resetModules();
  vi.spyOn(console, "info").mockImplementation(() => undefined);
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("history", { state: null, pushState: () => undefined, replaceState: () => undefined });
  vi.stubGlobal("location", { hash: "", href: "http://here/app/" });
  vi.stubGlobal("document", { cookie: "", visibilityState: "visible" });
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("screen", { width: 360, height: 640 });
  vi.stubGlobal("devicePixelRatio", 2);
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => undefined })); // Node has none; a film strip asks it
  vi.stubGlobal("caches", { open: async () => ({ match: async () => undefined, keys: async () => [], put: async () => undefined, delete: async () => true }) });
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(url);
    const reply = Object.entries(server).find(([path]) => url.includes(path))?.[1];
    if (!reply) throw new TypeError("no network");
    return reply();
  });
  tasks = await import("./next_task");
  taught = await import("./taught");
  const { session } = await import("@app/app/session");
  session.set((now) => ({ ...now, me: { worker: { pseudonym: "w1" } } }) as typeof now);
});

const pack = async (...leases: Packed[]): Promise<void> => {
  for (const one of leases) await (await db()).put("pack", one);
};
const json =
  (body: unknown, status = 200) =>
  () =>
    new Response(JSON.stringify(body), { status });
const next = async (batch = BATCH, passed = new Set<string>()) => {
  const found = await tasks.nextTask(batch, passed);
  return "none" in found ? found.none : found.packed.lease;
};

describe("the next task", () => {
  it("is the one that ends first, and none that she has passed", async () => {
    await pack(lease("late", { expires_at: new Date(Date.now() + 7_200_000).toISOString() }), lease("soon"));
    expect(await next()).toBe("soon");
    expect(await next(BATCH, new Set(["soon"]))).toBe("late");
  });

  it("asks what was asked when it was lent, whatever is asked by now", async () => {
    await pack(lease("old", { config: { labels: [{ id: "was", name: { en: "Was" } }], kind: "caption" } }));
    const found = (await tasks.nextTask(BATCH, new Set())) as Task;
    expect(found.question.labels.map(({ id }) => id)).toEqual(["was"]);
    expect(found.question.config).toMatchObject({ kind: "caption" });
    expect(found.question.text).toBe("text of old");
  });

  it("is another one when the picture of the first is not on this phone", async () => {
    await pack(lease("a", { mediaUrl: "http://here/a.webp" }), lease("b"));
    expect(await next()).toBe("b");
  });

  it("is not there without a network; it says what is the case", async () => {
    expect(await next()).toBe("offline");
    await pack(lease("over", { expires_at: new Date(Date.now() - 60_000).toISOString() }));
    expect(await next()).toBe("over");
    expect(await next({ ...BATCH, config: undefined })).toBe("offline");
  });

  it.each([
    [401, "signed_out"],
    [503, "offline"],
    [409, "refused"],
  ])("with a %i of the server: %s", async (status, none) => {
    server["/work/draw"] = json({ error: { code: "conflict", message: "No." } }, status);
    expect(await next()).toBe(none);
  });

  it("is drawn when the pack is empty, and not there when nothing is left", async () => {
    server["/work/draw"] = json({ leases: [] });
    expect(await next()).toBe("empty");
    expect(asked).toEqual(["/api/v1/work/draw"]);
  });

  it("is several pictures at once where the project shows them so, and one where they may disturb", async () => {
    const config = { labels: ["goat", "none"].map((id) => ({ id, name: { en: id } })), look: "grid" };
    const grid = { ...BATCH, config } as unknown as Batch;
    const shown = async (batch: Batch) => {
      const found = await tasks.nextTask(batch, new Set());
      return "none" in found ? found.none : (found.cells?.length ?? 1);
    };
    await pack(...["a", "b", "c"].map((name) => lease(name)));
    expect(await shown(grid)).toBe(3);
    expect(await shown({ ...grid, warnings: ["violence"] } as Batch)).toBe(1);
  });

  it("is not possible for a type that this app does not know", async () => {
    expect(await next({ ...BATCH, task_type: "telepathy" })).toBe("refused");
  });
});

describe("how wide a picture is fetched", () => {
  it("is what a type says that it can use, and as wide as there is for one that says nothing or is not known", async () => {
    const { loadTaskType } = await import("@app/app/widget");
    for (const name of TYPES) {
      const { pictureWidth } = (await loadTaskType(name)) as { pictureWidth?: number };
      expect(await tasks.wantedPx(name)).toBe(pictureWidth ? Math.min(pictureWidth, 720) : 1280); // the screen has 720
    }
    expect([await tasks.wantedPx("choice"), await tasks.wantedPx("telepathy")]).toEqual([640, 1280]);
  });

  it("is no more than a small screen has", async () => {
    vi.stubGlobal("screen", { width: 240, height: 320 });
    expect(await tasks.wantedPx("choice")).toBe(480);
  });
});

describe("what is taught", () => {
  const told = (instructions: string, more = {}) => ({ ...BATCH, instructions: { en: instructions }, ...more }) as Batch;

  it.each([
    ["## What to do\nSay **how** it is. Look twice.", "Say how it is."],
    ["- Mark the *name*! Nothing else.", "Mark the name!"],
    ["1) No end", "No end"],
    ["هل هو جيد؟ نعم", "هل هو جيد؟"],
    ["# Only a heading", "Good or bad?"],
  ])("in a line: %j", (instructions, rule) => {
    expect(taught.ruleOf(told(instructions))).toBe(rule);
  });

  it("once, and again when instructions, examples or labels have changed", async () => {
    const batch = told("Look twice.");
    expect(await taught.lessonOf(batch)).toBe(batch);
    await taught.markRead(batch);
    expect(await taught.lessonOf(batch)).toBeNull();
    for (const changed of [told("Look thrice."), { ...batch, examples: [{ value: 1, why: {} }] }, { ...batch, config: { labels: [] } }]) expect(await taught.lessonOf(changed)).toBe(changed);
  });

  it("not without a network to fetch it, nor where nothing is said", async () => {
    expect(await taught.lessonOf({ ...BATCH, instructions: undefined } as Batch)).toBeNull();
    expect(await taught.lessonOf(told(""))).toBeNull();
  });
});

it("compares a guess with her answer by what it says, not by the order of its fields", async () => {
  const { differs, showsGuess } = await import("./guess");
  const task = (guess: "before" | "after", value: unknown) => ({ packed: { suggestion: { value } }, type: { guess } }) as unknown as Task;
  const box = { label: "a", x: 1 };
  expect(differs(task("after", { boxes: [{ x: 1, label: "a" }] }), { boxes: [box] })).toBe(false);
  expect(differs(task("after", { boxes: [box, box] }), { boxes: [box] })).toBe(true);
  expect([differs(task("before", 1), 2), showsGuess(task("before", 1)), showsGuess(task("after", 1))]).toEqual([false, true, false]);
});

it("brings the words of a type with its code, in her language, and again in another", async () => {
  const { addParts, setLanguage, t } = await import("@app/i18n");
  const { knowsTaskType, loadTaskType } = await import("@app/app/widget");
  vi.stubGlobal("document", { documentElement: {} });
  await setLanguage("en");
  expect(t("choice.missing")).toBe("choice.missing"); // not there yet: the key shows itself
  const type = await loadTaskType("choice");
  expect([type?.oneTap, t("choice.missing")]).toEqual([true, "Choose an answer first"]);
  await setLanguage("zu");
  expect(t("choice.missing")).toBe("Khetha impendulo kuqala");
  expect([knowsTaskType("choice"), knowsTaskType("telepathy"), await loadTaskType("telepathy")]).toEqual([true, false, null]);
  await expect(addParts(["telepathy"])).rejects.toThrow("no words of telepathy in zu");
});

it("says in the list of work what each type asks, before anything of it was fetched", async () => {
  const { setLanguage, t } = await import("@app/i18n");
  vi.stubGlobal("document", { documentElement: {} });
  await setLanguage("en");
  expect(TYPES.length).toBeGreaterThan(2);
  for (const type of TYPES) expect(t(`${type}.what`)).toMatch(/ /);
});

it("drops a half-done draft of a form that the type draws with no more", async () => {
  const { sameForm } = await import("./use_task");
  expect(sameForm({ shapes: [1], points: [], looked: true }, { shapes: [], points: [], looked: false })).toBe(true);
  expect([sameForm({ boxes: [] }, { shapes: [] }), sameForm(undefined, { text: "" }), sameForm("x", { text: "" })]).toEqual([false, false, false]);
});
