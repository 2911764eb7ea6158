import "fake-indexeddb/auto";
import { beforeEach, expect, it } from "vitest";
import { ApiError } from "@app/app/api";
import type { AnswerBody } from "@app/app/types";
import { db, type Kept } from "./db";
import { countWaiting, drain, getKept, heldMs, HOLD_MS, keep, keepAll, releaseHeld, takeBack, type Post } from "./outbox";
import { keepReading, readingOf } from "./reading";
import { backoffS } from "./sync";
import { uuid7 } from "./uuid7";

beforeEach(async () => {
  const database = await db();
  for (const store of ["outbox", "pack", "meta"] as const) await database.clear(store);
});

const me = (pseudonym: string) => () => Promise.resolve(pseudonym);

let clock = 1_700_000_000_000;
function entry(kind: Kept["kind"] = "answer", owner = "w1"): Omit<Kept, "state"> {
  const id = uuid7(clock++);
  const lease = "lease-" + id;
  const body = kind === "answer" ? { id, lease, value: { label: "a" }, active_ms: 5, device_class: "phone", suggestion_shown: false } : { lease };
  return { id, owner, kind, batch: 1, lease, body, keptAtMs: clock, baseMicro: 100, currency: "USD", item: { id: 1 } };
}

/** A server with a book of what it took: same id, same receipt. */
class Server {
  book = new Map<string, AnswerBody>();
  calls: string[][] = [];
  refuse = new Set<string>();
  post: Post = async (path, body) => {
    if (path !== "/work/answers") return { ok: true };
    const { answers } = body as { answers: AnswerBody[] };
    this.calls.push(answers.map((answer) => answer.id));
    return { results: answers.map((answer) => this.take(answer)) };
  };
  private take(answer: AnswerBody) {
    if (this.refuse.has(answer.id)) return { id: answer.id, status: "refused", error: { code: "invalid", field: "value", message: "No." } };
    const status = this.book.has(answer.id) ? "repeated" : "accepted";
    this.book.set(answer.id, answer);
    return { id: answer.id, status, receipt: { body: { answer: answer.id }, signature: "ab", key_id: "k" } };
  }
}

it("writes to the disk and takes the lease out of the pack in one go", async () => {
  const kept = entry();
  await (await db()).put("pack", { lease: kept.lease, batch: 1, project: 1, item: { id: 1 }, expires_at: "2099-01-01T00:00:00Z", owner: "w1" });
  await keep(kept);
  expect(await getKept(kept.id)).toEqual({ ...kept, state: "waiting" });
  expect(await (await db()).get("pack", kept.lease)).toBeUndefined();
});

it("refuses to write one id twice", async () => {
  const kept = entry();
  await keep(kept);
  await expect(keep({ ...kept, baseMicro: 1 })).rejects.toThrow();
  expect((await getKept(kept.id))!.baseMicro).toBe(100);
});

it("sends everything once, oldest first, twenty at a time, and keeps the receipts", async () => {
  const server = new Server();
  const entries = Array.from({ length: 45 }, () => entry());
  for (const kept of [...entries].reverse()) await keep(kept);
  const drained = await drain("w1", server.post, me("w1"));
  expect(drained).toMatchObject({ left: 0, signedOut: false, retryAfterS: null });
  expect(server.calls.map((call) => call.length)).toEqual([20, 20, 5]);
  expect(server.calls.flat()).toEqual(entries.map((kept) => kept.id));
  expect((await getKept(entries[44]!.id))!.result!.receipt!.signature).toBe("ab");
  expect((await drain("w1", server.post, me("w1"))).settled).toEqual([]);
  expect(server.calls.length).toBe(3);
});

it("repeats the same bytes when the reply was lost; the second time counts as acknowledged", async () => {
  const server = new Server();
  const kept = entry();
  await keep(kept);
  const lossy: Post = async (path, body) => {
    await server.post(path, body);
    throw new ApiError(0, "reply lost");
  };
  expect(await drain("w1", lossy, me("w1"))).toMatchObject({ left: 1, settled: [] });
  expect((await getKept(kept.id))!.state).toBe("waiting");
  expect(await drain("w1", server.post, me("w1"))).toMatchObject({ left: 0 });
  expect((await getKept(kept.id))!.state).toBe("repeated");
  expect(server.calls).toEqual([[kept.id], [kept.id]]);
  expect(server.book.size).toBe(1);
});

it.each([
  ["a server error", new ApiError(503, ""), { left: 1, retryAfterS: null, signedOut: false }],
  ["too many requests", new ApiError(429, "", {}, 17), { left: 1, retryAfterS: 17, signedOut: false }],
  ["a session that ended", new ApiError(403, ""), { left: 1, retryAfterS: null, signedOut: true }],
])("keeps waiting after %s", async (_name, failure, expected) => {
  const kept = entry();
  await keep(kept);
  const failing: Post = () => Promise.reject(failure);
  expect(await drain("w1", failing, me("w1"))).toMatchObject(expected);
  expect((await getKept(kept.id))!.state).toBe("waiting");
});

it("lets one refused answer go without holding up the others", async () => {
  const server = new Server();
  const entries = [entry(), entry(), entry()];
  for (const kept of entries) await keep(kept);
  server.refuse.add(entries[1]!.id);
  expect(await drain("w1", server.post, me("w1"))).toMatchObject({ left: 0 });
  const states = await Promise.all(entries.map(async (kept) => (await getKept(kept.id))!.state));
  expect(states).toEqual(["accepted", "refused", "accepted"]);
});

it("halves a batch that is refused as a whole, down to the one that is at fault", async () => {
  const server = new Server();
  const entries = Array.from({ length: 5 }, () => entry());
  for (const kept of entries) await keep(kept);
  const bad = entries[3]!.id;
  const strict: Post = (path, body) => {
    const { answers } = body as { answers: AnswerBody[] };
    if (answers.some((answer) => answer.id === bad)) return Promise.reject(new ApiError(400, "Bad.", { code: "invalid", field: "answers", message: "Bad." }));
    return server.post(path, body);
  };
  expect(await drain("w1", strict, me("w1"))).toMatchObject({ left: 0 });
  expect([...server.book.keys()].sort()).toEqual(
    entries
      .map((kept) => kept.id)
      .filter((id) => id !== bad)
      .sort(),
  );
  expect((await getKept(bad))!.error).toEqual({ code: "invalid", field: "answers", message: "Bad." });
});

it("reads the results of a 409 like any others", async () => {
  const kept = entry();
  await keep(kept);
  const body = { results: [{ id: kept.id, status: "refused", error: { code: "conflict", field: "id", message: "Other bytes." } }] };
  await drain("w1", () => Promise.reject(new ApiError(409, "", {}, null, body)), me("w1"));
  expect((await getKept(kept.id))!.error!.code).toBe("conflict");
});

it("never sends one person's answers as another's", async () => {
  const server = new Server();
  await keep(entry("answer", "w1"));
  expect(await drain("w2", server.post, me("w2"))).toMatchObject({ left: 0, settled: [] });
  expect(server.calls).toEqual([]);
  expect(await countWaiting("w1")).toBe(1);
});

it("does not believe 'not yours' in somebody else's session", async () => {
  const kept = entry();
  await keep(kept);
  const others: Post = async () => ({ results: [{ id: kept.id, status: "refused", error: { code: "not_found", field: "lease", message: "Not yours." } }] });
  expect(await drain("w1", others, me("w2"))).toMatchObject({ left: 1, signedOut: true });
  expect((await getKept(kept.id))!.state).toBe("waiting");
  expect(await drain("w1", others, me("w1"))).toMatchObject({ left: 0 });
  expect((await getKept(kept.id))!.state).toBe("refused");
});

it("sends skips and reports on the same road", async () => {
  const paths: string[] = [];
  for (const kind of ["skip", "report"] as const) await keep(entry(kind));
  const drained = await drain("w1", async (path) => void paths.push(path), me("w1"));
  expect(paths).toEqual(["/work/skip", "/work/report"]);
  expect(drained.left).toBe(0);
});

it("makes UUIDs of version 7 that sort by time", () => {
  const ids = [1_000, 1_000_000, 1_763_812_345_678].map((ms) => uuid7(ms));
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect([...ids].sort()).toEqual(ids);
  expect(parseInt(ids[2]!.replaceAll("-", "").slice(0, 12), 16)).toBe(1_763_812_345_678);
});

it("waits longer each time, with jitter, never for ever", () => {
  expect([0, 1, 2, 20].map((attempt) => backoffS(attempt, 0.5))).toEqual([2, 4, 8, 300]);
  expect(backoffS(0, 0)).toBe(1);
  expect(backoffS(20, 0.999)).toBeLessThan(450);
});

const packedAs = (lease: string) => ({ lease, batch: 1, project: 1, item: { id: 1 }, expires_at: "2099-01-01T00:00:00Z", owner: "w1" });

it("sends no answer while it is held, and takes it back into the pack", async () => {
  const server = new Server();
  const kept = { ...entry(), heldUntilMs: Date.now() + HOLD_MS };
  await keep(kept);
  expect(await drain("w1", server.post, me("w1"))).toEqual({ settled: [], left: 0, retryAfterS: null, signedOut: false });
  expect(await countWaiting("w1")).toBe(1); // the screen says so
  expect(await takeBack([{ id: kept.id, packed: packedAs(kept.lease) }])).toBe(true);
  expect(await getKept(kept.id)).toBeUndefined();
  expect(await (await db()).get("pack", kept.lease)).toEqual(packedAs(kept.lease));
  await drain("w1", server.post, me("w1"));
  expect(server.calls).toEqual([]);
});

it("sends a held answer once another one is given, and then it is too late", async () => {
  const server = new Server();
  const kept = { ...entry(), heldUntilMs: Date.now() + HOLD_MS };
  await keep(kept);
  await releaseHeld("w1");
  expect((await drain("w1", server.post, me("w1"))).settled.map(({ id }) => id)).toEqual([kept.id]);
  expect(await takeBack([{ id: kept.id, packed: packedAs(kept.lease) }])).toBe(false);
  expect(await (await db()).get("pack", kept.lease)).toBeUndefined();
});

it("holds nothing for longer because the clock was set back", () => {
  const kept = { ...entry(), state: "waiting" as const, heldUntilMs: 1_000_000 };
  expect(heldMs(kept, 1_000_000 - HOLD_MS)).toBe(HOLD_MS);
  expect(heldMs(kept, 1_000_000)).toBe(0);
  expect(heldMs(kept, 900_000)).toBe(0);
});

it("keeps several answers together, and takes them back together or not at all", async () => {
  const held = { heldUntilMs: Date.now() + HOLD_MS };
  const both = await keepAll([
    { ...entry(), ...held },
    { ...entry(), ...held },
  ]);
  const done = both.map(({ id, lease }) => ({ id, packed: packedAs(lease) }));
  expect(await takeBack([...done, { id: "another", packed: packedAs("another") }])).toBe(false);
  expect(await countWaiting("w1")).toBe(2);
  expect(await takeBack(done)).toBe(true);
  expect(await countWaiting("w1")).toBe(0);
  expect((await (await db()).getAll("pack")).map(({ lease }) => lease).sort()).toEqual(both.map(({ lease }) => lease).sort());
});

it("sends what she read before what she answered, and keeps it while the network is away", async () => {
  const paths: string[] = [];
  const server = new Server();
  await keepReading({ id: "r1", owner: "w1", batch: 1, active_ms: 9000 });
  await keepReading({ id: "r2", owner: "w2", batch: 1, active_ms: 9000 });
  await keep(entry());
  const away: Post = () => Promise.reject(new ApiError(0, "no network"));
  await drain("w1", away, me("w1"));
  expect((await readingOf("w1")).length).toBe(1);
  const post: Post = (path, body) => (paths.push(path), server.post(path, body));
  await drain("w1", post, me("w1"));
  expect(paths).toEqual(["/work/reading", "/work/answers"]);
  expect([await readingOf("w1"), (await readingOf("w2")).length]).toEqual([[], 1]);
});

it("forgets what she read of work that the server does not know", async () => {
  await keepReading({ id: "r1", owner: "w1", batch: 1, active_ms: 9000 });
  await drain("w1", () => Promise.reject(new ApiError(404, "There is no such thing, or it is not yours.")), me("w1"));
  expect(await readingOf("w1")).toEqual([]);
});
