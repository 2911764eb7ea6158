// @vitest-environment happy-dom
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { keep } from "@app/outbox/outbox";
import type { Hold, Me, Payout } from "@app/app/types";
import { session } from "@app/app/session";
import { alert, begin, found, isOff, ME, press, said, settled, show, type, WORKER, type Server } from "@app/testing/page";
import { CloseAccount } from "./CloseAccount";
import { freeMicro, HoldCard, isHeld } from "./HoldCard";
import { Payouts } from "./Payouts";
import { WalletScreen } from "./WalletScreen";

let server: Server;
beforeEach(async () => void (server = (await begin()).says("/me", { body: ME })));

const of = (more: object): Me => ({ ...ME, worker: { ...WORKER, ...more } }) as unknown as Me;
const HOLD: Hold = { reason: "flag", since: "2026-11-29T08:00:00Z", until: "2026-12-02T08:00:00Z", kept_micro: 2_000_000, appealed_at: null, sentence: "" } as unknown as Hold;

describe("what is held", () => {
  it("is no part of what she can have now, and never less than nothing", () => {
    expect(freeMicro(of({ hold: HOLD }).worker!)).toBe(3_000_000);
    expect(freeMicro(of({ hold: { ...HOLD, kept_micro: 9_000_000 } }).worker!)).toBe(0);
    expect(freeMicro(ME.worker!)).toBe(5_000_000);
  });

  it("is told where it keeps something back, and for a flag always", () => {
    const held = (hold: object | null) => isHeld(of({ hold }).worker!);
    expect([held(null), held({ ...HOLD, reason: "first_day", kept_micro: 0 }), held({ ...HOLD, kept_micro: 0 }), held({ ...HOLD, reason: "first_day" })]).toEqual([false, false, true, true]);
  });

  it("can be questioned once, in her words", async () => {
    show(<HoldCard hold={HOLD} currency="USD" />);
    server.says("/wallet/hold/appeal", { body: {} });
    await type("hold-words", "I looked at each of them.");
    await press("hold-send");
    expect(server.sent("/wallet/hold/appeal")).toEqual([{ words: "I looked at each of them." }]);
  });

  it("says why her words were not taken, and keeps them on the screen", async () => {
    show(<HoldCard hold={HOLD} currency="USD" />);
    server.refuses("/wallet/hold/appeal", "late", "This hold has ended.");
    await type("hold-words", "Please.");
    await press("hold-send");
    expect(alert()).not.toBe("");
    expect(found<HTMLTextAreaElement>("hold-words")!.value).toBe("Please.");
  });

  it("says that it is looked at once she has written", () => {
    show(<HoldCard hold={{ ...HOLD, appealed_at: "2026-11-30T08:00:00Z" }} currency="USD" />);
    expect([found("hold-appealed") !== null, found("hold-words")]).toEqual([true, null]);
  });
});

describe("payouts", () => {
  const PAYOUT = {
    id: "p1",
    state: "requested",
    at: "2026-11-30T07:00:00Z",
    destination: "…567",
    receipt: "",
    amount_micro: 2_000_000,
    currency: "USD",
    wait: { reason: "new_number", until: "2026-12-01T07:00:00Z", appealed_at: null },
  } as unknown as Payout;
  const listed = (...results: object[]) => server.says("/wallet/payouts", { body: { results, next: null, previous: null } });
  const changed = vi.fn();

  async function open(): Promise<void> {
    changed.mockClear();
    show(<Payouts changed={changed} />);
    await settled();
  }

  it("are no card on the screen while there are none", async () => {
    listed();
    await open();
    expect(found("payouts")).toBeNull();
  });

  it("that wait say why, and can be called back", async () => {
    listed(PAYOUT);
    await open();
    expect(found("payout-waits")).not.toBeNull();
    server.says("/wallet/payouts/p1/cancel", { body: {} });
    await press("payout-cancel");
    expect([server.sent("/p1/cancel"), changed.mock.calls.length]).toEqual([[{}], 1]);
  });

  it("are asked for sooner with words, and not without", async () => {
    listed(PAYOUT);
    await open();
    expect(isOff("wait-appeal")).toBe(true);
    await type("wait-words", "It is my new phone.");
    server.refuses("/wallet/payouts/p1/appeal", "over", "It waits no more.");
    await press("wait-appeal");
    expect([server.sent("/p1/appeal"), changed.mock.calls.length, alert() !== ""]).toEqual([[{ words: "It is my new phone." }], 0, true]);
  });

  it("are asked for no second time", async () => {
    listed({ ...PAYOUT, wait: { ...(PAYOUT.wait as object), appealed_at: "2026-11-30T07:30:00Z" } });
    await open();
    expect([found("wait-words"), found("payout-cancel") !== null]).toEqual([null, true]);
  });

  it("say that the network is away, and come when they are asked for again", async () => {
    await open();
    expect(alert()).not.toBe("");
    listed({ ...PAYOUT, wait: null, state: "paid" });
    document.querySelector<HTMLButtonElement>("[data-testid=payouts] button")!.click();
    await settled();
    expect([found("payout-paid") !== null, alert()]).toEqual([true, ""]);
  });
});

describe("the wallet", () => {
  const open = async (me: Me): Promise<void> => {
    session.set((now) => ({ ...now, me }));
    server
      .says("/me", { body: me })
      .says("/wallet/payouts", { body: { results: [], next: null, previous: null } })
      .says("/wallet/periods", { body: { results: [], next: null, previous: null } });
    server.says("/wallet/lines", { body: { results: [LINE], next: null, previous: null } });
    show(<WalletScreen />);
    await settled();
  };
  const LINE = { id: 1, kind: "earn", at: "2026-11-30T07:00:00Z", amount_micro: 20_000, balance_micro: 5_000_000, key: "earn:a1", note: null };

  it("asks for nothing below the least that is paid out, and says from when", async () => {
    await open(of({ available_micro: 400_000 }));
    expect(isOff("ask-payout")).toBe(true);
  });

  it("counts what is held as not hers to take yet", async () => {
    await open(of({ hold: { ...HOLD, kept_micro: 4_500_000 } }));
    expect([isOff("ask-payout"), found("hold") !== null]).toEqual([true, true]);
  });

  it("shows a line's receipt from this phone, or the ledger's key where the work was done on another", async () => {
    await open(ME);
    const line = found("wallet-lines")!.querySelector("details")!;
    line.open = true;
    line.dispatchEvent(new Event("toggle"));
    await settled();
    expect(line.textContent).toContain("earn:a1");
  });
});

describe("closing the account", () => {
  it("sends nothing before she has read what it means and said so", async () => {
    show(<CloseAccount me={ME} />);
    await press("close-account");
    expect(said()).toContain("w1");
    expect(server.sent("/me/close")).toEqual([]);
    server.says("/me/close", { body: {} });
    await press("close-do");
    expect(server.sent("/me/close")).toEqual([{ confirm: "erase" }]);
  });

  it("gives away what is too little to be paid out only where she says so", async () => {
    show(<CloseAccount me={of({ available_micro: 300_000 })} />);
    await press("close-account");
    await press("close-give");
    server.says("/me/close", { body: {} });
    await press("close-do");
    expect(server.sent("/me/close")).toEqual([{ confirm: "erase", give_away: true }]);
  });

  it("asks for nothing to be given away where money can still be paid out", async () => {
    show(<CloseAccount me={ME} />);
    await press("close-account");
    expect(found("close-give")).toBeNull();
  });

  it("says what stands in the way, and stays open", async () => {
    show(<CloseAccount me={ME} />);
    await press("close-account");
    server.refuses("/me/close", "has_money", "Have your money paid out first.");
    await press("close-do");
    expect([found("close-problem") !== null, found("close-sheet") !== null]).toEqual([true, true]);
  });

  it("goes on by itself once she has shown that it is she", async () => {
    show(<CloseAccount me={ME} />);
    await press("close-account");
    server.refuses("/me/close", "sign_in_again", "Show that it is you.", 403).says("/me/confirm", { body: { sent_to: "t…" } });
    await press("close-do");
    server.says("/me/close", { body: {} });
    await type("confirm-code", "111222");
    await press("confirm-send");
    expect(server.sent("/me/close")).toHaveLength(2);
  });
});

it("counts what waits on the phone as unsent, whoever looks", async () => {
  const { countWaitingOfAll } = await import("@app/outbox/outbox");
  await keep({ id: "a1", owner: "w1", kind: "answer", batch: 1, lease: "l1", body: {}, keptAtMs: 1, baseMicro: 1, currency: "USD", item: { id: 1 } } as unknown as Parameters<typeof keep>[0]);
  expect(await countWaitingOfAll()).toBe(1);
});
