// @vitest-environment happy-dom
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { countFetched, dataPrice, setDataPrice } from "@app/app/data_cost";
import { getMeta } from "@app/outbox/db";
import { waiting } from "@app/outbox/outbox";
import type { Ban, Me } from "@app/app/types";
import { alert, begin, clear, found, isOff, ME, press, said, settled, show, type, WORKER, type Server } from "@app/testing/page";
import { AppealSheet } from "./bans/AppealSheet";
import { BansScreen } from "./bans/BansScreen";
import { Begin } from "./Begin";
import { AppealMiss } from "./parts/AppealMiss";
import { ScoreScreen } from "./ScoreScreen";
import { Sessions } from "./Sessions";
import { SignIn } from "./SignIn";
import { ReportSheet } from "./task/ReportSheet";

let server: Server;
beforeEach(async () => void (server = (await begin()).says("/me", { body: ME })));

describe("the page before the first task", () => {
  const NEW = { ...ME, terms: { version: "4", agreed: null }, worker: { ...WORKER, country: null, reads: [] } } as unknown as Me;

  it("agrees to nothing before she has said where she lives and that she is of age", async () => {
    show(<Begin me={NEW} />);
    await settled();
    expect(isOff("begin-go")).toBe(true);
    await type("begin-country", "ZA");
    expect(isOff("begin-go")).toBe(true);
    await press("begin-adult");
    expect(isOff("begin-go")).toBe(false);
  });

  it("records the version that she has read", async () => {
    show(<Begin me={NEW} />);
    await settled();
    await type("begin-country", "ZA");
    await press("begin-adult");
    server.says("/me/terms", { body: {} });
    await press("begin-go");
    expect(server.sent("/me/terms")).toEqual([{ version: "4", country: "ZA", adult: true }]);
    expect(server.sent("/me")).toEqual([{ reads: ["en"] }]);
  });

  it("says what is wrong, and can be sent again", async () => {
    show(<Begin me={NEW} />);
    await settled();
    await type("begin-country", "ZA");
    await press("begin-adult");
    server.refuses("/me/terms", "old_terms", "There is a newer version.", 409);
    await press("begin-go");
    expect([alert() !== "", isOff("begin-go")]).toEqual([true, false]);
  });
});

describe("where she is signed in", () => {
  const row = (id: number, more: object = {}) => ({ id, user_agent: "Mozilla/5.0 (Linux; Android 13) Chrome/120", ip: "10.0.0.1", created_at: 1_760_000_000, is_current: false, ...more });
  const here = row(1, { is_current: true });

  it.each([
    ["Mozilla/5.0 (Linux; Android 13; SM-A055F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36", "Chrome, Android"],
    ["Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/23.0 Chrome/115.0 Mobile Safari/537.36", "SamsungBrowser, Android"],
    ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Edg/120.0", "Edg, Windows"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Mobile/15E148 Safari/604.1", "Safari, iPhone"],
    ["curl/8.5.0", "curl/8.5.0"],
  ])("names another phone by what she knows: %s", async (agent, name) => {
    server.says("/auth/sessions", { body: { data: [here, row(2, { user_agent: agent })] } });
    show(<Sessions />);
    await settled();
    expect([...document.querySelectorAll("li strong")].map((one) => one.textContent)).toContain(name);
  });

  it("offers to end the others, and names this one as here", async () => {
    server.says("/auth/sessions", { body: { data: [here, row(2), row(3, { user_agent: "Mozilla/5.0 (iPhone) Safari" })] } });
    show(<Sessions />);
    await settled();
    expect(said()).toContain("Chrome, Android");
    expect(said()).toContain("Safari, iPhone");
    server.says("/auth/sessions", { body: { data: [here] } });
    await press("sessions-end");
    expect(server.sent("/auth/sessions")).toEqual([{ sessions: [2, 3] }]);
    expect(found("sessions-end")).toBeNull();
  });

  it("says that it did not work, and leaves the list", async () => {
    server.says("/auth/sessions", { body: { data: [here, row(2)] } });
    show(<Sessions />);
    await settled();
    server.says("/auth/sessions", { status: 500, body: {} });
    await press("sessions-end");
    expect([alert() !== "", found("sessions")?.dataset.n]).toEqual([true, "2"]);
  });

  it("is no card where nobody knows", async () => {
    show(<Sessions />);
    await settled();
    expect(found("sessions")).toBeNull();
  });
});

describe("a ban", () => {
  const BAN = {
    ban: 7,
    project: 1,
    title: "Huts",
    stands: true,
    until: "2026-12-07T08:00:00Z",
    reason: "fast",
    sentence: "42 answers in less than a second.",
    evidence: [],
    appeal: null,
    may_appeal: true,
    lift_note: "",
    lifted_because: "",
    lifted_at: null,
  } as unknown as Ban;
  const listed = (...results: object[]) => server.says("/bans", { body: { results, next: null, previous: null } });
  const appealed = (outcome: string) => ({ ...BAN, may_appeal: false, appeal: { words: "I looked.", outcome, answer: "We looked, too.", answer_by: "2026-12-03T08:00:00Z" } });

  it("is told with its reason, and that her money stays hers", async () => {
    listed(BAN);
    show(<BansScreen />);
    await settled();
    expect(said()).toContain("42 answers in less than a second.");
    expect(found("ban-7")!.dataset.stands).toBe("true");
    expect(found("appeal-open")).not.toBeNull();
  });

  it.each(["", "won", "lost"])("says what became of her appeal: %j", async (outcome) => {
    listed(appealed(outcome));
    show(<BansScreen />);
    await settled();
    expect(found("appeal-state")!.dataset.outcome).toBe(outcome || "waiting");
    expect([found("appeal-open"), said().includes("We looked, too.")]).toEqual([null, true]);
  });

  it("shows her appeal at once, without the page being opened anew", async () => {
    listed(BAN);
    show(<BansScreen />);
    await settled();
    await press("appeal-open");
    server.says("/bans/7/appeal", { body: appealed("") });
    await type("appeal-words", "I looked.");
    await press("appeal-send");
    expect([found("appeal-sheet"), found("appeal-state")!.dataset.outcome]).toEqual([null, "waiting"]);
  });

  it("keeps her words on the phone when there is no signal, and gives them back", async () => {
    const [close, sent] = [vi.fn(), vi.fn()];
    show(<AppealSheet ban={BAN} close={close} sent={sent} />);
    await settled();
    expect(isOff("appeal-send")).toBe(true);
    await type("appeal-words", "I looked at each of them.");
    await press("appeal-send");
    expect([alert() !== "", await getMeta("appeal:7"), close.mock.calls.length]).toEqual([true, "I looked at each of them.", 0]);
    clear();
    show(<AppealSheet ban={BAN} close={close} sent={sent} />);
    await settled();
    expect(found<HTMLTextAreaElement>("appeal-words")!.value).toBe("I looked at each of them.");
    server.says("/bans/7/appeal", { body: appealed("") });
    await press("appeal-send");
    expect([await getMeta("appeal:7"), sent.mock.calls.length, close.mock.calls.length]).toEqual([undefined, 1, 1]);
  });
});

describe("a known task that she missed", () => {
  it("is questioned in two taps, and waits in the outbox like an answer", async () => {
    show(<AppealMiss missed={{ answer: "a9", batch: 3 }} />);
    await press("miss-ask");
    await type("miss-words", "  It is a hut.  ");
    await press("miss-send");
    expect(found("miss-sent")).not.toBeNull();
    expect(await waiting("w1")).toMatchObject([{ kind: "appeal", batch: 3, body: { answer: "a9", words: "It is a hut." } }]);
  });

  it("needs no words", async () => {
    show(<AppealMiss missed={{ answer: "a9" }} />);
    await press("miss-ask");
    await press("miss-send");
    expect(await waiting("w1")).toMatchObject([{ body: { answer: "a9", words: "" } }]);
  });
});

it("reports a task with the reason that she chose, and what she wrote", async () => {
  const send = vi.fn();
  show(<ReportSheet send={send} close={vi.fn()} />);
  await press("reason-personal");
  expect(document.querySelectorAll('[role="radio"][aria-checked="true"]')).toHaveLength(1);
  await press("report-send");
  expect(send).toHaveBeenCalledExactlyOnceWith("personal", "");
});

describe("her scores", () => {
  const ROW = {
    project: 1,
    title: "Huts",
    score_bps: 8765,
    gold_right: 3,
    gold_seen: 4,
    agreed: 10,
    decided: 12,
    taught: true,
    score_after_gold_bps: 8900,
    score_after_agreed_bps: 8800,
    answers: 16,
    active_ms: 90_000,
    reading_ms: 0,
    returned_ms: 0,
    wage_micro_per_hour: null,
    currency: "USD",
  };

  it("are told with what they are made of", async () => {
    server.says("/work/scores", { body: { results: [ROW], days: [], kinds: [], rule: { text: "The rule." } } });
    show(<ScoreScreen />);
    await settled();
    expect(found("score-1")!.dataset.bps).toBe("8765");
    expect(said()).toContain("The rule.");
    expect(found("days")).toBeNull();
  });

  it("tell a day's wage after its data once she says what they cost, and nothing of it before", async () => {
    const day = {
      day: new Date().toISOString().slice(0, 10),
      answers: 16,
      active_ms: 1_800_000,
      reading_ms: 240_000,
      returned_ms: 20_000,
      earned_micro: 2_000_000,
      currency: "USD",
      wage_micro_per_hour: 4_000_000,
    };
    server.says("/work/scores", { body: { results: [ROW], days: [day], kinds: [], rule: { text: "" } } });
    await setDataPrice(null);
    await countFetched(100_000_000);
    show(<ScoreScreen />);
    await settled();
    expect(found("days")!.textContent).toContain("30 min · 4 min of it reading how it is done · ");
    expect(found("days")!.textContent).not.toContain("gave back");
    expect(found(`data-${day.day}`)).toBeNull();
    const field = found<HTMLInputElement>("data-price")!;
    for (const [given, price] of [
      ["a lot", null],
      ["5", { micro: 5_000_000, currency: "USD" }],
    ] as const) {
      field.value = given;
      field.dispatchEvent(new Event("change", { bubbles: true }));
      await settled();
      expect(await dataPrice()).toEqual(price);
    }
    expect(found(`data-${day.day}`)!.textContent).toMatch(/0\.50.*3\.00/);
  });

  it("say that there are none yet, which is not that the network is away", async () => {
    server.says("/work/scores", { body: { results: [], days: [], kinds: [], rule: { text: "" } } });
    show(<ScoreScreen />);
    await settled();
    const none = said();
    clear();
    server.says("/work/scores", () => {
      throw new TypeError("no network");
    });
    show(<ScoreScreen />);
    await settled();
    expect(said()).not.toBe(none);
    expect(document.querySelector("[role=progressbar]")).toBeNull();
  });
});

describe("signing in", () => {
  const pending = (id: string) => ({ status: 401, body: { data: { flows: [{ id, is_pending: true }] } } });
  const wrong = (code: string, param: string) => ({ status: 400, body: { errors: [{ message: "The server's words.", code, param }] } });

  beforeEach(async () => {
    server.says("/config", { body: {} });
    show(<SignIn />);
    await settled();
  });

  it("asks for a code, and takes it in small letters and with blanks", async () => {
    server.says("/auth/code/request", pending("login_by_code"));
    await type("who", "082 123 4567");
    await press("sign-in-send");
    expect(server.sent("/auth/code/request")).toEqual([{ phone: "+27821234567" }]);
    server.says("/auth/code/confirm", { body: {} });
    await type("code", " ab12cd ");
    await press("sign-in-send");
    expect(server.sent("/auth/code/confirm")).toEqual([{ code: "AB12CD" }]);
  });

  it("goes on with the second factor where she has one", async () => {
    server.says("/auth/code/request", pending("login_by_code"));
    await type("who", "t@example.org");
    await press("sign-in-send");
    server.says("/auth/code/confirm", pending("mfa_authenticate"));
    await type("code", "111111");
    await press("sign-in-send");
    server.says("/auth/2fa/authenticate", { body: {} });
    await type("code", "222222");
    await press("sign-in-send");
    expect(server.sent("/auth/2fa/authenticate")).toEqual([{ code: "222222" }]);
  });

  it("says a wrong code in her language, and lets her begin anew", async () => {
    server.says("/auth/code/request", pending("login_by_code"));
    await type("who", "t@example.org");
    await press("sign-in-send");
    server.says("/auth/code/confirm", wrong("incorrect_code", "code"));
    await type("code", "000000");
    await press("sign-in-send");
    expect(alert()).not.toBe("");
    expect(alert()).not.toContain("The server's words.");
    expect(found("code")).not.toBeNull();
  });

  it("takes a password where she asks for that, and says the server's words where it knows no others", async () => {
    await press("other-way");
    await type("who", "t@example.org");
    await type("password", "secret");
    server.says("/auth/login", wrong("too_many_login_attempts", ""));
    await press("sign-in-send");
    expect([server.sent("/auth/login"), alert()]).toEqual([[{ email: "t@example.org", password: "secret" }], "The server's words."]);
  });

  it("says that the network is away, and not that the code is wrong", async () => {
    await type("who", "t@example.org");
    await press("sign-in-send");
    const away = alert();
    server.says("/auth/code/request", wrong("incorrect_code", "code"));
    await press("sign-in-send");
    expect(away).not.toBe("");
    expect(alert()).not.toBe(away);
  });

  it("opens an account by the same page", async () => {
    await press("join");
    server.says("/auth/signup", pending("verify_email"));
    await type("who", "new@example.org");
    await press("sign-in-send");
    expect(server.sent("/auth/signup")).toEqual([{ email: "new@example.org", language: "en" }]);
    server.says("/auth/email/verify", { body: {} });
    await type("code", "k3y");
    await press("sign-in-send");
    expect(server.sent("/auth/email/verify")).toEqual([{ key: "K3Y" }]);
  });
});
