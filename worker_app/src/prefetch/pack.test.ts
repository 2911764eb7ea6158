import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Batch, Lease } from "@app/app/types";
import { agreeTo } from "@app/app/agreed";
import { db, type Kept } from "@app/outbox/db";
import { draw, fetchMedia, packOf, readyOffline, tidy } from "./pack";

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

/** The server: a draw's id gives the same leases again. */
let cache: FakeCache;
let asked: { n: number; id: string; agrees?: string[] }[];
let lent: Map<string, Lease[]>;
let reply: (leases: Lease[]) => Promise<Response>;

const arrives = (leases: Lease[]) => Promise.resolve(new Response(JSON.stringify({ leases })));
const isLost = () => Promise.reject(new TypeError("a tunnel"));
const isRefused = (status: number) => () => Promise.resolve(new Response(JSON.stringify({ error: { code: "no", field: "", message: "No." } }), { status }));
const isRefusedAs = (code: string) => new Response(JSON.stringify({ error: { code, field: "n", message: "No." } }), { status: 409 });
const sizes = () => asked.map(({ n }) => n);
const ids = () => asked.map(({ id }) => id);
const namesInPack = async (owner = "w1") => (await packOf(owner, 1)).map(({ lease }) => lease).sort();

function lease(n: number, endsInMs = 600_000): Lease {
  const variants = { "320": { url: `http://media/s${n}`, bytes: 400_000 }, "640": { url: `http://media/m${n}`, bytes: 900_000 } };
  return { lease: `l${n}`, batch: 1, project: 1, item: { id: n, media: { kind: "image", variants } }, expires_at: new Date(Date.now() + endsInMs).toISOString() };
}

beforeEach(async () => {
  const database = await db();
  for (const store of ["outbox", "pack", "meta"] as const) await database.clear(store);
  cache = new FakeCache();
  asked = [];
  lent = new Map();
  reply = arrives;
  vi.stubGlobal("caches", { open: () => Promise.resolve(cache) });
  vi.stubGlobal("location", { href: "http://here/app/" });
  vi.stubGlobal("fetch", async (url: string, options?: RequestInit) => {
    if (!url.startsWith("/api")) return new Response("bytes of " + url);
    const body = JSON.parse(options!.body as string) as { n: number; id: string; agrees?: string[] };
    const { n, id } = body;
    asked.push(body);
    const before = [...lent.values()].flat().length;
    if (!lent.has(id))
      lent.set(
        id,
        Array.from({ length: n }, (_, k) => lease(before + k)),
      );
    return reply(lent.get(id)!);
  });
});
afterEach(() => vi.unstubAllGlobals());

it("draws only what is missing, and writes it down with the address for this screen", async () => {
  expect(await draw("w1", batch, { thrift: false, wantPx: 640 })).toBe(20);
  expect(await draw("w1", batch, { thrift: false, wantPx: 640 })).toBe(0);
  expect(sizes()).toEqual([20]);
  expect((await packOf("w1", 1))[0]!.mediaUrl).toBe("http://media/m0");
  expect((await readyOffline("w1"))[1]).toMatchObject({ n: 0, held: 20, ended: 0 });
  await fetchMedia(await packOf("w1", 1), 10_000_000);
  expect((await readyOffline("w1"))[1]).toMatchObject({ n: 12, ended: 0 }); // those whose pictures are here: 0.9 MB each, until 10 MB are passed
  expect(await packOf("w2", 1)).toEqual([]);
});

it("draws few and small to save data", async () => {
  await draw("w1", batch, { thrift: true, wantPx: 640 });
  expect(sizes()).toEqual([3]);
  expect((await packOf("w1", 1))[0]!.mediaUrl).toBe("http://media/s0");
});

it("asks for a draw whose reply was lost again, under its own id, and forgets the id with the leases in the pack", async () => {
  reply = isLost;
  await expect(draw("w1", batch, { thrift: false, wantPx: 640 })).rejects.toMatchObject({ status: 0 });
  await expect(draw("w1", batch, { thrift: false, wantPx: 640 })).rejects.toMatchObject({ status: 0 });
  expect(await namesInPack()).toEqual([]);
  reply = arrives;
  expect(await draw("w1", batch, { thrift: false, wantPx: 640 })).toBe(20);
  expect(new Set(ids()).size).toBe(1);
  expect(ids()[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  expect(await namesInPack()).toEqual(
    lent
      .get(ids()[0]!)!
      .map(({ lease }) => lease)
      .sort(),
  );
  expect(await (await db()).getAllKeys("meta")).toEqual([]);
});

it("fills up under a new id when the lost draw was smaller than what she has room for", async () => {
  reply = isLost;
  await expect(draw("w1", batch, { thrift: true, wantPx: 640 })).rejects.toThrow();
  reply = arrives;
  expect(await draw("w1", batch, { thrift: false, wantPx: 640 })).toBe(20);
  expect(sizes()).toEqual([3, 20, 17]);
  expect(ids()[1]).toBe(ids()[0]);
  expect(ids()[2]).not.toBe(ids()[0]);
});

it("never asks with another person's id on a shared phone", async () => {
  reply = isLost;
  await expect(draw("w1", batch, { thrift: true, wantPx: 640 })).rejects.toThrow();
  reply = arrives;
  await draw("w2", batch, { thrift: true, wantPx: 640 });
  await draw("w1", batch, { thrift: true, wantPx: 640 });
  expect(ids()[1]).not.toBe(ids()[0]);
  expect(ids()[2]).toBe(ids()[0]);
  expect(await namesInPack("w2")).toEqual(["l3", "l4", "l5"]);
  expect(await namesInPack("w1")).toEqual(["l0", "l1", "l2"]);
});

it.each([
  [404, "forgets"],
  [409, "forgets"],
  [401, "keeps"],
  [429, "keeps"],
  [503, "keeps"],
])("after a %i it %s the id", async (status, what) => {
  reply = isRefused(status);
  await expect(draw("w1", batch, { thrift: true, wantPx: 640 })).rejects.toMatchObject({ status });
  reply = arrives;
  await draw("w1", batch, { thrift: true, wantPx: 640 });
  expect(ids()[1] === ids()[0]).toBe(what === "keeps");
});

it("draws once when it is asked twice at the same moment, and what she did meanwhile does not come back", async () => {
  const late: (() => void)[] = [];
  reply = (leases) => new Promise((go) => late.push(() => void arrives(leases).then(go)));
  const [first, second] = [draw("w1", batch, { thrift: true, wantPx: 640 }), draw("w1", batch, { thrift: true, wantPx: 640 })];
  await vi.waitFor(() => expect(late.length).toBe(2));
  expect(new Set(ids()).size).toBe(1);
  late[0]!();
  await vi.waitFor(async () => expect(await namesInPack()).toEqual(["l0", "l1", "l2"]));
  for (const name of ["l0", "l1", "l2"]) await (await db()).delete("pack", name); // answered
  reply = arrives;
  late[1]!();
  expect((await Promise.all([first, second])).sort()).toEqual([3, 3]);
  expect(await namesInPack()).toEqual(["l3", "l4", "l5"]);
});

it("fetches media ahead up to two megabytes", async () => {
  await draw("w1", batch, { thrift: false, wantPx: 640 });
  await fetchMedia(await packOf("w1", 1));
  expect([...cache.held.keys()]).toEqual(["http://media/m0", "http://media/m1", "http://media/m10"]); // 0.9 MB each: the third passes 2 MB
});

it("tidies beside a draw without losing what the draw brings in", async () => {
  cache.held.set("http://media/old", "x");
  const list = cache.keys;
  cache.keys = async () => {
    await (await db()).put("pack", { ...lease(1), owner: "w1", mediaUrl: "http://media/new" });
    cache.held.set("http://media/new", "x");
    return list();
  };
  await tidy();
  expect([...cache.held.keys()]).toEqual(["http://media/new"]);
});

it("forgets pictures that nothing needs, never tasks, nor what waits to be sent", async () => {
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
  expect([...cache.held.keys()]).toEqual(["http://media/live", "http://media/ended", "http://media/unsent"]);
  expect((await database.getAllKeys("outbox")).sort()).toEqual(["sent", "unsent"]);
  expect(await database.getAllKeys("pack")).toEqual(["l1", "l2"]); // whether l2 is over only the server knows
  expect((await readyOffline("w1"))[1]).toMatchObject({ n: 1, ended: 1 });
});

it("takes along in several draws, with the wish for hours, and is content when her hand is full", async () => {
  const packs: unknown[] = [];
  const wish = { thrift: false, wantPx: 640, pack: true };
  const answer = globalThis.fetch;
  vi.stubGlobal("fetch", async (url: string, options?: RequestInit) => {
    if (url.startsWith("/api")) packs.push((JSON.parse(options!.body as string) as { pack?: boolean }).pack);
    if (packs.length > 1) return isRefusedAs("hand_full");
    return answer(url, options);
  });
  expect(await draw("w1", { ...batch, pack_s: 12 * 3600 } as Batch, wish)).toBe(50);
  expect(sizes()).toEqual([50]);
  expect(packs).toEqual([true, true]);
  expect((await packOf("w1", 1)).every((lease) => lease.pack)).toBe(true);
});

it("keeps with each task what it asked when it was lent, whatever the requester asks by now", async () => {
  const before = { ...batch, question: 7, config: { labels: [{ id: "cat", name: { en: "Cat" } }] } };
  const now = { labels: [{ id: "dog", name: { en: "Dog" } }] };
  const served = fetch;
  vi.stubGlobal("fetch", async (url: string, options?: RequestInit) => {
    if (url.endsWith("/work/batches/1?question=8")) return new Response(JSON.stringify({ ...batch, question: 8, config: now }));
    return served(url, options);
  });
  const versions = (from: number) => (leases: Lease[]) => arrives(leases.map((one) => ({ ...one, question: one.item.id < from ? 7 : 8 })));
  reply = versions(3);
  await draw("w1", before, { thrift: true, wantPx: 640 });
  expect((await packOf("w1", 1)).map(({ config }) => config)).toEqual([before.config, before.config, before.config]);
  for (const { lease } of await packOf("w1", 1)) await (await db()).delete("pack", lease);
  await draw("w1", before, { thrift: true, wantPx: 640 }); // the phone still has the offer of before
  expect((await packOf("w1", 1)).map(({ config }) => config)).toEqual([now, now, now]);
});

it("says with a draw what she has read that she may see, and nothing where nothing is to be read", async () => {
  const warns = { ...batch, project: 7, warnings: ["hate", "death"] } as Batch;
  const wish = { thrift: true, wantPx: 640 };
  await agreeTo("w1", 7, ["hate"]);
  await draw("w1", warns, wish);
  await draw("w2", batch, wish);
  expect(asked.map(({ agrees }) => agrees)).toEqual([["hate"], undefined]);
});
