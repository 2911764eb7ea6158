// @vitest-environment happy-dom
/** Pictures at once, with tasks and answers of a test's own: what she taps, what is kept of it, and what she can take back. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Batch } from "@app/app/types";
import { loadTaskType, type LoadedMedia } from "@app/app/widget";
import { getMeta, setMeta, type Kept } from "@app/outbox/db";
import type { Done } from "@app/outbox/outbox";
import { Tasks } from "@app/screens/task/TaskScreen";
import { together, type NoTask, type Task } from "@app/screens/task/next_task";
import { shares, type Source } from "@app/screens/task/use_task";
import { begin, clear, found, press, said, settled, show } from "@app/testing/page";
import { gridRules, stepFrom } from "./grid";

const labels = ["goat", "none"].map((id) => ({ id, name: { en: id === "goat" ? "Goat" : "No goat" } }));
const CONFIG = { labels, look: "grid" };
const BATCH = {
  batch: 3,
  project: 1,
  title: "Goats?",
  task_type: "choice",
  config: CONFIG,
  base_micro: 20_000,
  currency: "USD",
  instructions: { en: "Find the goats." },
  task_s: 2,
} as unknown as Batch;
const picture = (lease: string): LoadedMedia => ({ kind: "image", url: `blob:${lease}`, widthPx: 400, heightPx: 300, durationMs: 0, peaks: null });

/** So many pictures, nine at once; what is kept of them. */
class Pack implements Source {
  readonly kept: Omit<Kept, "state">[] = [];
  readonly back: string[] = [];

  constructor(
    private readonly leases: string[],
    private readonly config: object = CONFIG,
  ) {}

  async next(_: Batch, passed: Set<string>): Promise<Task | NoTask> {
    const type = (await loadTaskType("choice"))!;
    const left = this.leases.filter((one) => !passed.has(one)).slice(0, 9);
    if (!left.length) return { none: "empty", message: "" };
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    const guess = { suggestion: { value: { label: "none" } } };
    return together(
      left.map((lease) => ({
        packed: { lease, batch: 3, owner: "w1", item: { id: 1 }, expires_at, ...guess } as unknown as Task["packed"],
        media: picture(lease),
        question: { labels, config: this.config, language: "en", text: "", widthPx: 400, heightPx: 300 } as unknown as Task["question"],
        type,
      })),
    );
  }

  async keep(entries: Omit<Kept, "state">[]): Promise<Kept[]> {
    this.kept.push(...entries);
    return entries.map((entry) => ({ ...entry, state: "waiting" }) as Kept);
  }

  async takeBack(done: Done[]): Promise<boolean> {
    this.back.push(...done.map(({ packed }) => packed.lease));
    return true;
  }

  get answers(): unknown[] {
    return this.kept.map(({ kind, lease, body }) => [kind, lease, (body as { value?: { label: string } }).value?.label]);
  }
}

const ELEVEN = [..."abcdefghijk"];
let pack: Pack;
const open = async (): Promise<void> => {
  clear();
  show(<Tasks batch={BATCH} source={pack} />);
  await settled();
};
/** Her eyes are on it: a tap that comes with the task is not meant for it. */
const looks = () => new Promise((resolve) => setTimeout(resolve, 450));
const key = async (name: string) => {
  document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
  await settled();
};
const chosen = () => [...document.querySelectorAll<HTMLElement>('[role="checkbox"][aria-checked="true"]')].map((one) => one.dataset.lease);

beforeEach(async () => {
  await begin(["work", "account", "choice"]);
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }));
  HTMLDialogElement.prototype.showModal ??= () => undefined;
  await loadTaskType("choice");
  pack = new Pack(ELEVEN);
});

describe("pictures at once", () => {
  it("are nine, each a box to tick with its number for a name", async () => {
    await open();
    const names = [...document.querySelectorAll('[role="checkbox"]')].map((one) => one.getAttribute("aria-label"));
    expect(names).toEqual(Array.from({ length: 9 }, (_, k) => `Picture ${k + 1} of 9`));
    expect(said()).toContain("Tap all that are: Goat");
    expect(said()).toMatch(/9 pictures · .*0[.,]18/);
  });

  it("are nine answers of one Done, her time shared out over them, and nothing of a guess", async () => {
    await open();
    await press("cell-2");
    await press("cell-9");
    await press("cell-3");
    await press("cell-3");
    expect(found("done")!.textContent).toContain("2 chosen");
    await looks();
    await press("done");
    expect(pack.answers).toEqual([..."abcdefghi"].map((lease) => ["answer", lease, lease === "b" || lease === "i" ? "goat" : "none"]));
    expect(new Set(pack.kept.map(({ id }) => id)).size).toBe(9);
    const times = pack.kept.map(({ body }) => (body as { active_ms: number }).active_ms);
    expect(times.reduce((sum, one) => sum + one)).toBeGreaterThan(400);
    expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(1);
    expect(pack.kept.every(({ body, baseMicro }) => (body as { suggestion_shown: boolean }).suggestion_shown === false && baseMicro === 20_000)).toBe(true);
    expect(document.querySelectorAll('[role="checkbox"]').length).toBe(2); // the rest
    expect(said()).toMatch(/0[.,]18/);
  });

  it("of which none is chosen are told by the same key, not by a second tap of the first", async () => {
    await open();
    await looks();
    expect(found("done")!.textContent).toContain("None of them");
    await press("done");
    await press("done");
    expect(pack.answers.length).toBe(9);
    await looks();
    await press("done");
    expect(pack.answers.map((one) => (one as string[])[2])).toEqual(Array(11).fill("none"));
    expect(found("none-empty")).not.toBeNull();
  });

  it("are tapped for the second label, where the project wants it so", async () => {
    pack = new Pack(["a", "b"], { ...CONFIG, tapped: "second" });
    await open();
    await press("cell-1");
    await looks();
    await press("done");
    expect(pack.answers.map((one) => (one as string[])[2])).toEqual(["none", "goat"]);
  });

  it("come back all nine, while they wait on the phone", async () => {
    await open();
    await press("cell-1");
    await looks();
    await press("done");
    await press("undo");
    expect(pack.back).toEqual([..."abcdefghi"]);
    expect(document.querySelectorAll('[role="checkbox"]').length).toBe(9);
    for (let screen = 0; screen < 2; screen++) {
      await looks();
      await press("done");
    }
    expect(found("earned-money")!.textContent).toMatch(/0[.,]22/); // of eleven, not of twenty
  });

  it("are chosen by keys: digits, arrows and the space bar's click", async () => {
    await open();
    await looks();
    await key("5");
    expect(chosen()).toEqual(["e"]);
    await key("ArrowRight");
    expect(document.activeElement).toBe(found("cell-1"));
    await key("End");
    expect(document.activeElement).toBe(found("cell-9"));
    await key("ArrowLeft");
    await press((document.activeElement as HTMLElement).dataset.testid!);
    expect(chosen()).toEqual(["e", "h"]);
    await press("undo");
    expect(chosen()).toEqual(["e"]);
  });

  it("are there again with what was chosen, after the page was closed", async () => {
    await open();
    await press("cell-4");
    await vi.waitFor(async () => expect(await getMeta("draft:a")).toMatchObject({ chosen: ["d"] }), 2000);
    await open();
    expect(chosen()).toEqual(["d"]);
    await setMeta("draft:a", { label: "goat" }); // of when they were asked one by one
    await open();
    expect(chosen()).toEqual([]);
  });
});

describe("one picture of them", () => {
  it("is skipped, and the others stay as they were, with one more", async () => {
    await open();
    await press("cell-2");
    await press("closer-1");
    await press("closer-skip");
    expect(pack.answers).toEqual([["skip", "a", undefined]]);
    expect(chosen()).toEqual(["b"]);
    expect(document.querySelectorAll('[role="checkbox"]').length).toBe(9);
  });

  it("is reported with its reason", async () => {
    await open();
    await press("closer-3");
    await press("closer-report");
    await press("reason-personal");
    await press("report-send");
    expect(pack.kept).toMatchObject([{ kind: "report", lease: "c", baseMicro: 0, body: { lease: "c", reason: "personal" } }]);
  });

  it("is looked at closely when a finger rests on it, and that is no tap", async () => {
    await open();
    found("cell-2")!.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
    await vi.waitFor(() => expect(found("closer")).not.toBeNull(), 1500);
    found("cell-2")!.click();
    await settled();
    expect(chosen()).toEqual([]);
    found("cell-2")!.dispatchEvent(new PointerEvent("pointerup", { bubbles: true }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await press("closer-toggle");
    expect(chosen()).toEqual(["b"]);
  });
});

describe("the rules", () => {
  const question = { labels, config: CONFIG, together: ["a", "b"] } as never;

  it("answer nothing that was not on the screen: the key shows the rest first", () => {
    const draft = { chosen: ["b"], seen: "a", page: 0 };
    expect(gridRules.doneKey!(draft, question)).toBe("choice.grid_rest");
    expect(() => gridRules.finish(draft, question, false)).toThrow();
    expect(gridRules.finish({ ...draft, seen: "a,b" }, question, false)).toEqual({ a: { label: "none" }, b: { label: "goat" } });
  });

  it("lead an arrow key along the rows, and turn with the line of reading", () => {
    expect([stepFrom(0, "ArrowDown", 9, 3, false), stepFrom(0, "ArrowUp", 9, 3, false), stepFrom(4, "ArrowLeft", 9, 3, true), stepFrom(4, "Home", 9, 3, false), stepFrom(4, "x", 9, 3, false)]).toEqual(
      [3, 0, 5, 0, null],
    );
  });

  it("share her time out in whole milliseconds, and lose none", () => {
    expect(shares(1000, 9).reduce((sum, one) => sum + one)).toBe(1000);
    expect(shares(7, 3)).toEqual([2, 2, 3]);
  });
});
