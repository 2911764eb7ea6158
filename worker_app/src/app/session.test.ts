import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { db } from "@app/outbox/db";

/** A server whose replies to GET /me the test lets go in any order. */
type Reply = (status: number) => void;
let asked: Reply[];
let session: typeof import("./session");

const me = { name: "Thandi", email: null, phone: null, language: "en", roles: ["worker"], payout_min_micro: 1, worker: { pseudonym: "w1" } };

beforeEach(async () => {
  const database = await db();
  for (const store of ["outbox", "pack", "meta"] as const) await database.clear(store);
  asked = [];
  vi.resetModules();
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("location", { hash: "", href: "http://here/app/" });
  vi.stubGlobal("document", { cookie: "", visibilityState: "visible" });
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("fetch", (path: string) => {
    if (path !== "/api/v1/me") return Promise.resolve(new Response("{}"));
    return new Promise<Response>((go) => asked.push((status) => go(new Response(status === 200 ? JSON.stringify(me) : "{}", { status }))));
  });
  session = await import("./session");
});
afterEach(() => vi.unstubAllGlobals());

const phase = () => session.session.get().phase;
const untilAsked = (times: number) => vi.waitFor(() => expect(asked.length).toBe(times));

it("is not signed out by a slow reply from before the sign-in", async () => {
  const starting = session.start();
  await untilAsked(1);
  const entering = session.refreshMe();
  await untilAsked(2);
  asked[1]!(200);
  await entering;
  expect(phase()).toBe("ready");
  asked[0]!(401);
  await starting;
  expect(phase()).toBe("ready");
});

it("is not signed in again by a slow reply from before the sign-out", async () => {
  const entering = session.refreshMe();
  await untilAsked(1);
  asked[0]!(200);
  await entering;
  const late = session.refreshMe();
  await untilAsked(2);
  await session.signOut();
  expect(phase()).toBe("signed_out");
  asked[1]!(200);
  await late;
  expect(phase()).toBe("signed_out");
});

it("leaves no task on the phone when she signs out, and every answer that is not sent", async () => {
  const entering = session.refreshMe();
  await untilAsked(1);
  asked[0]!(200);
  await entering;
  const database = await db();
  await database.put("pack", { lease: "l1", owner: "w1" } as never);
  await database.put("pack", { lease: "l2", owner: "w2" } as never);
  await database.put("outbox", { id: "a1", owner: "w1", state: "waiting" } as never);
  await database.put("meta", "tag", "held:w1");
  await session.signOut();
  expect(await database.getAllKeys("pack")).toEqual(["l2"]);
  expect(await database.getAllKeys("outbox")).toEqual(["a1"]);
  expect((await database.getAllKeys("meta")).filter((key) => ["me", "batches", "offers", "csrf", "owner", "held:w1"].includes(key))).toEqual([]);
});

it.each([
  ["that is full", () => Promise.reject(new DOMException("no room", "QuotaExceededError"))],
  ["that never answers", () => new Promise<never>(() => undefined)],
])("opens with what it remembers on a disk %s, and asks the server", async (_which, put) => {
  const database = await (await import("@app/outbox/db")).db();
  await database.put("meta", me, "me");
  database.put = put as typeof database.put;
  vi.spyOn(console, "error").mockReturnValue(undefined);
  void session.start().catch(() => undefined);
  await vi.waitFor(() => expect(phase()).toBe("ready"));
  await untilAsked(1);
});

it("is signed out by the newest reply", async () => {
  const entering = session.refreshMe();
  await untilAsked(1);
  asked[0]!(200);
  await entering;
  const again = session.refreshMe();
  await untilAsked(2);
  asked[1]!(401);
  await again;
  expect(phase()).toBe("signed_out");
});
