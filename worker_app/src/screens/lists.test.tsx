// @vitest-environment happy-dom
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { batches, moreOffers } from "@app/app/offers";
import { dataSaver, owner, session } from "@app/app/session";
import { loadTaskType } from "@app/app/widget";
import type { Me } from "@app/app/types";
import { db } from "@app/outbox/db";
import { keep } from "@app/outbox/outbox";
import { alert, begin, found, ME, press, said, settled, show, WORKER, type Server } from "@app/testing/page";
import { HistoryScreen } from "./HistoryScreen";
import { MeScreen } from "./MeScreen";
import { announce, Announcer, complain, Trouble } from "./parts/announce";
import { WorkScreen } from "./WorkScreen";

let server: Server;
const WORKING = { ...WORKER, earned_today_micro: 0, answers_today: 0, points: 0, streak_days: 0, wage_micro_per_hour: null };

beforeEach(async () => {
  const me = { ...ME, worker: WORKING } as unknown as Me;
  server = (await begin(["account", "work", "bans", "choice"], me)).says("/me", { body: me });
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }));
  await loadTaskType("choice");
  batches.set(null);
  moreOffers.set(null as never);
});

describe("the list of work", () => {
  const offer = (batch: number, more: object = {}) => ({
    batch,
    project: batch,
    title: `Offer ${batch}`,
    task_type: "choice",
    medium: "text",
    base_micro: 20_000,
    bonus_micro: 0,
    currency: "USD",
    open_items: 5,
    task_s: 5,
    bytes_per_task: 0,
    offer_hash: "ab".repeat(32),
    pack_s: 0,
    requester: "R",
    ...more,
  });
  const listed = (...results: object[]) => server.says("/work/batches", { body: { results, next: null, previous: null } }).says("/work/held", { body: { leases: [] } });
  const open = async (): Promise<void> => {
    show(<WorkScreen />);
    await settled();
  };

  it("shows what there is to do, and nothing that this version of the app cannot do", async () => {
    listed(offer(1), offer(2, { task_type: "telepathy" }), offer(3, { open_items: 0 }));
    await open();
    expect(said()).toContain("Offer 1");
    expect(said()).not.toContain("Offer 2");
    expect(said()).not.toContain("Offer 3");
  });

  it("shows what she holds also when nothing more is on offer and its pictures are not on this phone yet", async () => {
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
    const holds = { lease: "l1", owner: owner(), batch: 7, expires_at: inAnHour, mediaUrl: "http://media/not-here" };
    await (await db()).put("pack", holds as never);
    listed(offer(1), offer(7, { open_items: 0 }));
    await open();
    expect(said()).toContain("Offer 7");
    await (await db()).delete("pack", "l1");
  });

  it("says that there is nothing, which is not that it loads", async () => {
    listed();
    await open();
    expect(document.querySelector("[role=progressbar]")).toBeNull();
    expect(said().length).toBeGreaterThan(20);
  });

  it("goes on with what the phone knows when the network is away", async () => {
    batches.set([offer(1)] as never);
    session.set((now) => ({ ...now, reached: false }));
    server.says("/me", () => {
      throw new TypeError("no network");
    });
    await open();
    expect(said()).toContain("Offer 1");
    expect(document.querySelector(".note")).not.toBeNull();
  });
});

describe("what she has done", () => {
  const line = (more: object = {}) => ({
    answer: "a1",
    title: "Good or bad?",
    at: "2026-11-30T07:00:00Z",
    task_type: "choice",
    base_micro: 20_000,
    bonus_micro: null,
    top_up_micro: 0,
    currency: "USD",
    state: "pending",
    gold_right: null,
    agreed: null,
    taught: false,
    appeal: null,
    may_appeal: false,
    receipt: null,
    value: { label: "good" },
    ...more,
  });
  const listed = (...results: object[]) => server.says("/work/history", { body: { results, next: null, previous: null } });
  const open = async (): Promise<void> => {
    show(<HistoryScreen />);
    await settled();
  };
  const chips = () => [...document.querySelectorAll(".chip")].map((chip) => chip.className);

  it("says what came of each, by one chip at most", async () => {
    listed(
      line({ answer: "a", agreed: true }),
      line({ answer: "b", agreed: false }),
      line({ answer: "c", gold_right: false }),
      line({ answer: "d", gold_right: true, agreed: true }),
      line({ answer: "e" }),
      line({ answer: "f", taught: true, gold_right: false }),
    );
    await open();
    expect(chips()).toEqual(["chip good", "chip", "chip warm", "chip good", "chip"]);
  });

  it("says that an appeal waits, was won or was lost, before anything else", async () => {
    const appeal = (outcome: string) => ({ outcome, reply: "", words: "", answer_by: "2026-12-01T00:00:00Z", paid_micro: outcome === "won" ? 5_000 : 0 });
    listed(...["", "won", "lost"].map((outcome) => line({ answer: outcome || "waits", gold_right: false, appeal: appeal(outcome) })));
    await open();
    expect(chips()).toEqual(["chip good", "chip good", "chip warm"]);
    expect(document.querySelectorAll("[data-testid=miss-state]")).toHaveLength(3);
  });

  it("shows the item and both answers when a line is opened, and fetches nothing before", async () => {
    listed(line());
    await open();
    const config = {
      labels: [
        { id: "good", name: { en: "Good" } },
        { id: "bad", name: { en: "Bad" } },
      ],
      language: "en",
    };
    server.says("/work/history/a1", { body: { item: { id: 1, text: "Sawubona" }, config, value: { label: "good" }, truth: { label: "bad" }, explanation: "It is not." } });
    expect(server.calls.some(({ path }) => path.endsWith("/work/history/a1"))).toBe(false);
    const details = found("line-a1") as HTMLDetailsElement;
    details.open = true;
    details.dispatchEvent(new Event("toggle"));
    await settled();
    expect(found("what-it-was")!.textContent).toContain("Sawubona");
    expect(found("right-answer")!.textContent).toContain("Bad");
    expect(found("right-answer")!.textContent).toContain("It is not.");
  });

  it("shows what only this phone has", async () => {
    listed();
    await keep({ id: "k1", owner: "w1", kind: "answer", batch: 1, lease: "l1", body: {}, keptAtMs: Date.now(), baseMicro: 1, currency: "USD", item: { id: 1 } } as unknown as Parameters<
      typeof keep
    >[0]);
    await open();
    expect(found("on-this-phone")!.querySelectorAll("li")).toHaveLength(1);
  });
});

describe("her own page", () => {
  it("keeps the data saver where she puts it", async () => {
    show(<MeScreen />);
    await settled();
    await press("data-saver");
    expect(dataSaver.get()).toBe(true);
    await press("data-saver");
    expect(dataSaver.get()).toBe(false);
  });

  it("saves a name that is another, and no name that is the same", async () => {
    show(<MeScreen />);
    await settled();
    const name = document.querySelector<HTMLInputElement>('input[autocomplete="name"]')!;
    name.dispatchEvent(new Event("blur"));
    await settled();
    expect(server.sent("/me")).toEqual([]);
    name.value = " Thandi M ";
    name.dispatchEvent(new Event("input", { bubbles: true }));
    await settled();
    name.dispatchEvent(new Event("blur"));
    await settled();
    expect(server.sent("/me")).toEqual([{ display_name: "Thandi M" }]);
  });
});

describe("what is said", () => {
  beforeEach(async () => {
    complain("");
    show(
      <>
        <Trouble />
        <Announcer />
      </>,
    );
    await settled();
  });

  it("is heard, and seen only where it is meant to be", async () => {
    announce("Saved");
    await settled();
    expect([found("announcer")!.textContent, document.querySelector(".toast")]).toEqual(["Saved", null]);
    announce("Saved", true);
    await settled();
    expect(document.querySelector(".toast")!.textContent).toBe("Saved");
  });

  it("stays where something went wrong, until she has read it; another word does not hide it", async () => {
    complain("The answer was not taken.");
    await settled();
    announce("Saved", true);
    await settled();
    expect(alert()).toBe("The answer was not taken.");
    await press("trouble-read");
    expect(found("trouble")).toBeNull();
  });

  it("goes by itself where it only asked for something", async () => {
    complain("Choose an answer first", true);
    await settled();
    announce("Saved", true);
    await settled();
    expect(found("trouble")).toBeNull();
  });
});
