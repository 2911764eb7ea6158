// @vitest-environment happy-dom
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ComponentChild } from "preact";
import { session } from "@app/app/session";
import type { Ban, Hold, Me } from "@app/app/types";
import { alert, begin, ME, press, settled, show, tapTwice, type, WORKER, type Server } from "@app/testing/page";
import { AppealSheet } from "./bans/AppealSheet";
import { Begin } from "./Begin";
import { CloseAccount } from "./CloseAccount";
import { ConfirmIt } from "./ConfirmIt";
import { HoldCard } from "./HoldCard";
import { MeScreen } from "./MeScreen";
import { Payouts } from "./Payouts";
import { PayoutSheet } from "./PayoutSheet";
import { Sessions } from "./Sessions";
import { SignIn } from "./SignIn";
import { Voices } from "./Voices";

const nothing = vi.fn();
const page = (...results: object[]) => ({ body: { results, next: null, previous: null } });
const PAYOUT = {
  id: "p1",
  state: "requested",
  at: "2026-11-30T07:00:00Z",
  destination: "…567",
  receipt: "",
  amount_micro: 2_000_000,
  currency: "USD",
  wait: { reason: "first", until: "2026-12-01T07:00:00Z", appealed_at: null },
};
const HOLD = { reason: "flag", since: "2026-11-29T08:00:00Z", until: "2026-12-02T08:00:00Z", kept_micro: 2_000_000, appealed_at: null } as unknown as Hold;
const NEW = { ...ME, terms: { version: "4", agreed: null }, worker: { ...WORKER, country: "ZA" } } as unknown as Me;
const VOICES = { figures: null, mine: null, may_rate: true, questions: [] };
const SESSIONS = { body: { data: [1, 2].map((id) => ({ id, user_agent: "Chrome", ip: "", created_at: 1, is_current: id === 1 })) } };

/** Every key that sends: the screen, the way to the key, the key, where it sends to. */
const KEYS: [string, ComponentChild, () => Promise<void>, string, string][] = [
  ["an account is closed", <CloseAccount me={ME} />, () => press("close-account"), "close-do", "/me/close"],
  ["a payout is called back", <Payouts changed={nothing} />, settled, "payout-cancel", "/p1/cancel"],
  ["a payout is asked for sooner", <Payouts changed={nothing} />, () => type("wait-words", "Please."), "wait-appeal", "/p1/appeal"],
  ["a payout is asked for", <PayoutSheet me={ME} close={nothing} sent={nothing} />, () => press("payout-send"), "payout-send", "/wallet/payouts"],
  ["held money is asked for", <HoldCard hold={HOLD} currency="USD" />, () => type("hold-words", "Please."), "hold-send", "/hold/appeal"],
  ["a code is typed", <ConfirmIt done={nothing} />, () => type("confirm-code", "123"), "confirm-send", "/me/confirm"],
  ["work is rated", <Voices project={1} />, async () => { for (const id of ["voice-rate", "rate-clear-1", "rate-fair-2", "rate-paid-3"]) await press(id); }, "rate-send", "/rating"],
  ["a question is asked", <Voices project={1} />, async () => { await press("voice-ask"); await type("ask-words", "Is a hut a house?"); }, "ask-send", "/questions"],
  ["other phones are signed out", <Sessions />, settled, "sessions-end", "/auth/sessions"],
  ["a ban is appealed", <AppealSheet ban={{ ban: 7 } as unknown as Ban} close={nothing} sent={nothing} />, () => type("appeal-words", "I looked."), "appeal-send", "/bans/7/appeal"],
  ["the terms are agreed to", <Begin me={NEW} />, () => press("begin-adult"), "begin-go", "/me"],
  ["she signs in", <SignIn />, () => type("who", "t@example.org"), "sign-in-send", "/auth/code/request"],
  ["she signs out", <MeScreen />, settled, "sign-out", "/auth/session"],
]; // prettier-ignore

describe("two taps send once, where", () => {
  let server: Server;
  beforeEach(async () => {
    server = await begin(["account", "work", "bans", "first"]);
    server
      .says("/wallet/payouts", page(PAYOUT))
      .says("/voices", { body: VOICES })
      .says("/auth/sessions", SESSIONS)
      .says("/browser/v1/config", { body: {} })
      .says("/wallet/terms", { body: { new_number_wait_s: 0 } });
    session.set((now) => ({ ...now, me: ME }));
  });

  it.each(KEYS)("%s", async (_, screen, reach, key, address) => {
    show(screen);
    await settled();
    await reach();
    const before = server.sent(address).length;
    await tapTwice(key);
    expect(server.sent(address).length - before).toBe(1);
  });
});

describe("what went wrong", () => {
  it("is said, and the key sends again", async () => {
    const server = await begin();
    show(<HoldCard hold={HOLD} currency="USD" />);
    await type("hold-words", "Please.");
    await tapTwice("hold-send");
    expect(alert()).not.toBe("");
    server.says("/wallet/hold/appeal", { body: {} }).says("/me", { body: ME });
    await press("hold-send");
    expect([server.sent("/hold/appeal").length, alert()]).toEqual([2, ""]);
  });
});
