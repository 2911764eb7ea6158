import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Batch, Lease } from "@app/app/types";
import { db, type Kept, type Packed } from "@app/outbox/db";
import { reconcile, renewSoon } from "./held";
import { packOf } from "./pack";

const MINUTE_MS = 60_000;
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const lease = (name: string, endsInMs = 10 * MINUTE_MS): Lease => ({ lease: name, batch: 1, project: 1, item: { id: 1, text: name }, expires_at: inMs(endsInMs) });
const wish = () => ({ thrift: false, wantPx: 640 });
const names = async () => (await packOf("w1", 1)).map((one) => one.lease).sort();

let held: Lease[];
let tag: string;
let calls: [string, unknown][];
let meanwhile: () => Promise<unknown>;

beforeEach(async () => {
  const database = await db();
  for (const store of ["outbox", "pack", "meta"] as const) await database.clear(store);
  [held, tag, calls, meanwhile] = [[], '"1"', [], async () => undefined];
  vi.stubGlobal("location", { href: "http://here/app/" });
  vi.stubGlobal("fetch", async (url: string, { headers, body }: { headers: Record<string, string>; body?: string }) => {
    calls.push([url, body ? JSON.parse(body) : headers["If-None-Match"]]);
    await meanwhile();
    if (url.endsWith("/renew")) return new Response(JSON.stringify({ leases: held.map((one) => ({ lease: one.lease, expires_at: inMs(60 * MINUTE_MS) })) }));
    if (headers["If-None-Match"] === tag) return new Response(null, { status: 304 });
    return new Response(JSON.stringify({ leases: held }), { headers: { ETag: tag } });
  });
});
afterEach(() => vi.unstubAllGlobals());

const put = async (one: Lease, more: Partial<Packed> = {}) => (await db()).put("pack", { ...one, owner: "w1", ...more });

it("gives a second phone what she holds, and asks for it again only when it changed", async () => {
  held = [lease("a"), lease("b")];
  await reconcile("w1", wish);
  expect(await names()).toEqual(["a", "b"]);
  held = [];
  await reconcile("w1", wish);
  expect(calls.map(([, asked]) => asked)).toEqual([undefined, '"1"']);
  expect(await names()).toEqual(["a", "b"]);
});

it("takes out what is over by the server's word alone, not what was drawn meanwhile, nor another's", async () => {
  await put(lease("done elsewhere"));
  await put(lease("kept"), { mediaUrl: "http://media/kept" });
  await put(lease("another's"), { owner: "w2" });
  held = [lease("kept", 90 * MINUTE_MS)];
  meanwhile = () => put(lease("drawn meanwhile"));
  await reconcile("w1", wish);
  expect(await names()).toEqual(["drawn meanwhile", "kept"]);
  const [kept] = (await packOf("w1", 1)).filter((one) => one.lease === "kept");
  expect(kept).toMatchObject({ expires_at: held[0]!.expires_at, mediaUrl: "http://media/kept" });
  expect((await packOf("w2", 1)).length).toBe(1);
});

it("never brings back what she has done on this phone, sent or not", async () => {
  held = [lease("unsent"), lease("sent"), lease("new")];
  for (const [id, state] of [
    ["unsent", "waiting"],
    ["sent", "accepted"],
  ] as const)
    await (await db()).put("outbox", { id, state, owner: "w1", kind: "answer", batch: 1, lease: id, keptAtMs: Date.now() } as Kept);
  await reconcile("w1", wish);
  expect(await names()).toEqual(["new"]);
});

it("renews what ends soon, each in its own length, and does not ask again at once", async () => {
  const batch = { batch: 1, lease_s: 1800, pack_s: 43_200 } as Batch;
  held = [lease("short", 5 * MINUTE_MS)];
  await put(held[0]!);
  await put(lease("long", 20 * MINUTE_MS));
  await renewSoon("w1", [batch]);
  await renewSoon("w1", [batch]);
  expect(calls).toEqual([["/api/v1/work/renew", { batch: 1 }]]);
  const [short] = (await packOf("w1", 1)).filter((one) => one.lease === "short");
  expect(Date.parse(short!.expires_at)).toBeGreaterThan(Date.now() + 50 * MINUTE_MS);
});
