import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { db, type Kept } from "./db";
import { keepAndSend, onSessionLost, onSettled, startSync, stopSync, sync } from "./sync";
import { uuid7 } from "./uuid7";

/** A server whose replies the test lets go one by one. */
let waitingReplies: (() => void)[];
let received: string[][];
let down: boolean;

beforeEach(async () => {
  const database = await db();
  for (const store of ["outbox", "pack", "meta"] as const) await database.clear(store);
  waitingReplies = [];
  received = [];
  down = false;
  vi.stubGlobal("navigator", {}); // neither locks nor service workers: the plainest of browsers
  vi.stubGlobal("fetch", async (_url: string, options: RequestInit) => {
    if (down) throw new TypeError("no network");
    const { answers } = JSON.parse(options.body as string) as { answers: { id: string }[] };
    received.push(answers.map((answer) => answer.id));
    await new Promise<void>((go) => waitingReplies.push(go));
    return new Response(JSON.stringify({ results: answers.map(({ id }) => ({ id, status: "accepted" })) }));
  });
});

afterEach(async () => {
  await stopSync();
  vi.unstubAllGlobals();
});

function entry(): Omit<Kept, "state"> {
  const id = uuid7();
  const body = { id, lease: id, value: { label: "a" }, active_ms: 1, device_class: "phone", suggestion_shown: false };
  return { id, owner: "w1", kind: "answer", batch: 1, lease: id, body, keptAtMs: 0, baseMicro: 1, currency: "USD", item: { id: 1 } };
}

const untilSent = (calls: number) => vi.waitFor(() => expect(waitingReplies.length).toBe(calls));
const until = (unsent: number) => vi.waitFor(() => expect(sync.get()).toEqual({ unsent, doing: "idle" }));

it("sends what was kept while another answer was on its way, without waiting for a timer", async () => {
  await startSync("w1");
  const first = await keepAndSend(entry());
  await untilSent(1);
  const second = await keepAndSend(entry());
  expect(sync.get().unsent).toBe(2);
  waitingReplies[0]!();
  await untilSent(2);
  waitingReplies[1]!();
  await until(0);
  expect(received).toEqual([[first.id], [second.id]]);
});

it("tells everybody who listens what the server said", async () => {
  const heard: Kept[] = [];
  const deafen = onSettled((settled) => heard.push(...settled));
  await startSync("w1");
  const kept = await keepAndSend(entry());
  await untilSent(1);
  waitingReplies[0]!();
  await until(0);
  expect(heard.map(({ id, state }) => [id, state])).toEqual([[kept.id, "accepted"]]);
  deafen();
});

it("counts what is unsent while there is no network, and sends it at the next start", async () => {
  down = true;
  await startSync("w1");
  const kept = await keepAndSend(entry());
  await vi.waitFor(() => expect(sync.get()).toEqual({ unsent: 1, doing: "waiting" }));
  await stopSync();
  down = false;
  await startSync("w1");
  await untilSent(1);
  waitingReplies[0]!();
  await until(0);
  expect(received).toEqual([[kept.id]]);
});

it("says that the session is lost, keeps what waits, and sends it once she is in again", async () => {
  const answering = globalThis.fetch;
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("{}", { status: 401 })));
  const lost = vi.fn();
  const deafen = onSessionLost(lost);
  await startSync("w1");
  const kept = await keepAndSend(entry());
  await vi.waitFor(() => expect(lost).toHaveBeenCalled());
  expect(sync.get()).toEqual({ unsent: 1, doing: "signed_out" });
  await stopSync();
  vi.stubGlobal("fetch", answering);
  await startSync("w1"); // she has signed in
  await untilSent(1);
  waitingReplies[0]!();
  await until(0);
  expect(received).toEqual([[kept.id]]);
  deafen();
});
