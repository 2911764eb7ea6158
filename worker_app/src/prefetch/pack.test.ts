import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Batch, Lease } from "@app/app/types";
import { db, type Kept } from "@app/outbox/db";
import { countPacks, draw, fetchMedia, packOf, tidy } from "./pack";

const DAY_MS = 24 * 3600 * 1000;
const batch = { batch: 1, task_s: 5, bytes_per_task: 1000 } as Batch;

/** The Cache API as far as the pack uses it: addresses to bodies. */
class FakeCache {
  held = new Map<string, string>();
  match = (url: string) => Promise.resolve(this.held.has(url) ? new Response(this.held.get(url)) : undefined);
  put = async (url: string, response: Response) => void this.held.set(url, await response.text());
  delete = (request: { url: string } | string) => Promise.resolve(this.held.delete(typeof request === "string" ? request : request.url));
  keys = () => Promise.resolve([...this.held.keys()].map((url) => ({ url })));
}

let cache: FakeCache;
let asked: unknown[];

function lease(n: number, endsInMs = 600_000): Lease {
  const variants = { "320": { url: `http://media/s${n}`, bytes: 400_000 }, "640": { url: `http://media/m${n}`, bytes: 900_000 } };
  return { lease: `l${n}`, batch: 1, project: 1, item: { id: n, media: { kind: "image", variants } }, expires_at: new Date(Date.now() + endsInMs).toISOString() };
}

beforeEach(async () => {
  const database = await db();
  for (const store of ["outbox", "pack", "meta"] as const) await database.clear(store);
  cache = new FakeCache();
  asked = [];
  vi.stubGlobal("caches", { open: () => Promise.resolve(cache) });
  vi.stubGlobal("location", { href: "http://here/app/" });
  vi.stubGlobal("fetch", async (url: string, options?: RequestInit) => {
    if (!url.startsWith("/api")) return new Response("bytes of " + url);
    const { n } = JSON.parse(options!.body as string) as { n: number };
    asked.push(n);
    return new Response(JSON.stringify({ leases: Array.from({ length: n }, (_, k) => lease(k)) }));
  });
});
afterEach(() => vi.unstubAllGlobals());

it("draws only what is missing, and writes it down with the address for this screen", async () => {
  expect(await draw("w1", batch, false, 640)).toBe(20);
  expect(await draw("w1", batch, false, 640)).toBe(0);
  expect(asked).toEqual([20]);
  expect((await packOf("w1", 1))[0]!.mediaUrl).toBe("http://media/m0");
  expect(await countPacks("w1")).toEqual({ 1: 20 });
  expect(await packOf("w2", 1)).toEqual([]);
});

it("draws few and small to save data", async () => {
  await draw("w1", batch, true, 640);
  expect(asked).toEqual([3]);
  expect((await packOf("w1", 1))[0]!.mediaUrl).toBe("http://media/s0");
});

it("fetches media ahead up to two megabytes", async () => {
  await draw("w1", batch, false, 640);
  await fetchMedia(await packOf("w1", 1));
  expect([...cache.held.keys()]).toEqual(["http://media/m0", "http://media/m1", "http://media/m10"]); // 0.9 MB each: the third passes 2 MB
});

it("forgets leases that ended and pictures that nothing needs, never what waits to be sent", async () => {
  const database = await db();
  const kept = (id: string, state: Kept["state"], ageMs: number) =>
    ({ id, state, owner: "w1", kind: "answer", batch: 1, lease: id, keptAtMs: Date.now() - ageMs, mediaUrl: `http://media/${id}` }) as Kept;
  await database.put("pack", { ...lease(1), owner: "w1", mediaUrl: "http://media/live" });
  await database.put("pack", { ...lease(2, -1), owner: "w1", mediaUrl: "http://media/ended" });
  await database.put("outbox", kept("unsent", "waiting", 400 * DAY_MS));
  await database.put("outbox", kept("sent", "accepted", DAY_MS));
  await database.put("outbox", kept("old", "accepted", 61 * DAY_MS));
  for (const name of ["live", "ended", "unsent", "sent", "old"]) cache.held.set(`http://media/${name}`, "x");
  await tidy();
  expect([...cache.held.keys()]).toEqual(["http://media/live", "http://media/unsent"]);
  expect((await database.getAllKeys("outbox")).sort()).toEqual(["sent", "unsent"]);
  expect(await database.getAllKeys("pack")).toEqual(["l1"]);
});
