// @vitest-environment happy-dom
/** The screen where work happens, with tasks and answers of a test's own: what she presses, what is kept, and what she can take back. */
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { oneTap } from "@app/app/session";
import type { Batch } from "@app/app/types";
import { loadTaskType } from "@app/app/widget";
import { getMeta, setMeta, type Kept } from "@app/outbox/db";
import type { Done } from "@app/outbox/outbox";
import { begin, clear, found, isOff, press, said, settled, show } from "@app/testing/page";
import type { NoTask, Task } from "./next_task";
import { Tasks } from "./TaskScreen";
import type { Source } from "./use_task";

const CONFIG = {
  labels: [
    { id: "good", name: { en: "Good" } },
    { id: "bad", name: { en: "Bad" } },
  ],
  language: "en",
};
const BATCH = {
  batch: 3,
  project: 1,
  title: "Good or bad?",
  task_type: "choice",
  config: CONFIG,
  base_micro: 20_000,
  currency: "USD",
  instructions: { en: "Say how it is." },
  task_s: 5,
} as unknown as Batch;
const EMPTY: NoTask = { none: "empty", message: "" };
const NO_MEDIA = { kind: null, url: null, widthPx: 0, heightPx: 0, durationMs: 0, peaks: null };

/** So many tasks, one after the other; what is kept of them. */
class Pack implements Source {
  readonly kept: Omit<Kept, "state">[] = [];
  readonly back: string[] = [];
  takes = true;

  constructor(
    private readonly leases: string[],
    private readonly more: Partial<Task["packed"]> = {},
  ) {}

  async next(_: Batch, passed: Set<string>): Promise<Task | NoTask> {
    const lease = this.leases.find((one) => !passed.has(one));
    if (!lease) return EMPTY;
    const type = (await loadTaskType("choice"))!;
    const question = { labels: CONFIG.labels, config: CONFIG, language: "en", text: `text of ${lease}`, widthPx: 0, heightPx: 0 } as Task["question"];
    const packed = { lease, batch: 3, owner: "w1", item: { id: 1, text: question.text }, expires_at: new Date(Date.now() + 3_600_000).toISOString(), ...this.more } as unknown as Task["packed"];
    return { packed, media: NO_MEDIA, question, type };
  }

  async keep(entries: Omit<Kept, "state">[]): Promise<Kept[]> {
    this.kept.push(...entries);
    return entries.map((entry) => ({ ...entry, state: "waiting" }) as Kept);
  }

  async takeBack(done: Done[]): Promise<boolean> {
    if (this.takes) this.back.push(...done.map(({ id }) => id));
    return this.takes;
  }

  get answers(): unknown[] {
    return this.kept.map(({ kind, lease, body }) => [kind, lease, (body as { value?: unknown }).value]);
  }
}

let pack: Pack;
const press_ = (key: string, more: object = {}) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
const key = async (name: string, more: object = {}) => {
  press_(name, more);
  await settled();
};

beforeEach(async () => {
  await begin(["work", "account", "choice"]);
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }));
  oneTap.set(false);
  await loadTaskType("choice"); // its code is fetched once, and that takes a while
  pack = new Pack(["a", "b"]);
});
const open = async (): Promise<void> => {
  clear();
  show(<Tasks batch={BATCH} source={pack} />);
  await settled();
};
const chosen = () => document.querySelector('[role="radio"][aria-checked="true"]')?.textContent?.trim() ?? "";

describe("a task", () => {
  it("is answered by a tap and the Done key, and the next one comes", async () => {
    await open();
    expect(said()).toContain("text of a");
    await press("choice-good");
    expect(pack.kept).toEqual([]);
    await press("done");
    expect(pack.answers).toEqual([["answer", "a", { label: "good" }]]);
    expect(said()).toContain("text of b");
    expect(chosen()).toBe("");
  });

  it("is answered by keys alone", async () => {
    await open();
    await key("2");
    expect(chosen()).toContain("Bad");
    await key("Enter");
    await key("1");
    await key("Enter");
    expect(pack.answers).toEqual([
      ["answer", "a", { label: "bad" }],
      ["answer", "b", { label: "good" }],
    ]);
    expect(found("none-empty")).not.toBeNull();
  });

  it("that is sent by a key right after the choice sends that choice", async () => {
    await open();
    press_("1");
    press_("2");
    await new Promise((resolve) => setTimeout(resolve));
    await key("Enter");
    expect(pack.answers).toEqual([["answer", "a", { label: "bad" }]]);
  });

  it("is kept once, however often she presses", async () => {
    await open();
    await press("choice-good");
    press_("Enter");
    press_("Enter");
    found("done")?.click();
    await settled();
    expect(pack.answers).toEqual([["answer", "a", { label: "good" }]]);
  });

  it("is not sent without an answer: what is missing is said, until she goes on", async () => {
    await open();
    await press("done");
    expect(found("trouble")?.textContent).toContain("Choose an answer first");
    expect(pack.kept).toEqual([]);
    await press("choice-good");
    expect(found("trouble")).toBeNull();
  });

  it("counts what she has earned", async () => {
    await open();
    await press("choice-good");
    await press("done");
    await press("choice-good");
    await press("done");
    expect(found("none-empty")!.textContent).toMatch(/0[.,]04/);
  });
});

describe("what she takes back", () => {
  it("is a step of her own", async () => {
    await open();
    expect(isOff("undo")).toBe(true);
    await press("choice-good");
    await press("choice-bad");
    await key("z", { ctrlKey: true });
    expect(chosen()).toContain("Good");
    await press("undo");
    expect([chosen(), isOff("undo")]).toEqual(["", true]);
  });

  it("is the last answer of one tap, while it waits on the phone", async () => {
    oneTap.set(true);
    await open();
    await new Promise((resolve) => setTimeout(resolve, 450)); // a tap that comes with the task is not meant for it
    await press("choice-good");
    expect(pack.answers).toEqual([["answer", "a", { label: "good" }]]);
    expect(said()).toContain("text of b");
    await press("undo");
    expect(pack.back).toEqual([pack.kept[0]!.id]);
    expect(said()).toContain("text of a");
  });

  it("is not what was sent already", async () => {
    oneTap.set(true);
    pack.takes = false;
    await open();
    await new Promise((resolve) => setTimeout(resolve, 450));
    await press("choice-good");
    await press("undo");
    expect(said()).toContain("text of b");
  });

  it("is no answer by one tap when the tap came with the task", async () => {
    oneTap.set(true);
    await open();
    await press("choice-good");
    expect(pack.kept).toEqual([]);
  });
});

describe("a half-done task", () => {
  it("is there again after the page was closed", async () => {
    await setMeta("draft:a", { label: "bad" });
    await open();
    expect(chosen()).toContain("Bad");
  });

  it("is kept a moment after she stops, and forgotten once it is sent", async () => {
    await open();
    await press("choice-good");
    await vi.waitFor(async () => expect(await getMeta("draft:a")).toEqual({ label: "good" }), 2000);
    await press("done");
    expect(await getMeta("draft:a")).toBeUndefined();
  });

  it("of another form than the type draws with now is begun anew", async () => {
    await setMeta("draft:a", { boxes: [] });
    await open();
    expect(chosen()).toBe("");
  });
});

describe("a computer's guess of another kind of task", () => {
  it("is told after her own answer where the two differ, and hers can stay", async () => {
    pack = new Pack(["a"], { suggestion: { value: { label: "bad" } } } as never);
    await open();
    expect(said()).not.toContain("computer");
    await press("choice-good");
    await press("done");
    expect([found("differs") !== null, pack.kept]).toEqual([true, []]);
    await press("keep-mine");
    expect(pack.answers).toEqual([["answer", "a", { label: "good" }]]);
    expect(pack.kept[0]!.body).toMatchObject({ suggestion_shown: true });
  });

  it("is no word to her where both say the same", async () => {
    pack = new Pack(["a"], { suggestion: { value: { label: "good" } } } as never);
    await open();
    await press("choice-good");
    await press("done");
    expect([found("differs"), pack.answers.length]).toEqual([null, 1]);
    expect(pack.kept[0]!.body).toMatchObject({ suggestion_shown: false });
  });
});

describe("a task that she does not answer", () => {
  it("is skipped in two taps, and costs nothing", async () => {
    await open();
    await press("more");
    await press("skip");
    expect(pack.answers).toEqual([["skip", "a", undefined]]);
    expect(pack.kept[0]!.baseMicro).toBe(0);
  });

  it("is reported with its reason", async () => {
    await open();
    await press("more");
    await press("report");
    await press("reason-personal");
    await press("report-send");
    expect(pack.kept[0]).toMatchObject({ kind: "report", lease: "a", body: { lease: "a", reason: "personal" } });
  });

  it("hears no key while a sheet lies over it", async () => {
    await open();
    await press("more");
    await key("1");
    await key("Enter");
    expect([chosen(), pack.kept]).toEqual(["", []]);
  });
});
