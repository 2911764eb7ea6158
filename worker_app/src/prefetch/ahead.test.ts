import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Batch, Lease } from "@app/app/types";
import { db, setMeta, type Packed } from "@app/outbox/db";
import { drawHere } from "./ahead";

const MOST = 10; // that she may hold
const WISH = { thrift: false, wantPx: 640 };
const HERE = { batch: 2, task_s: 5, bytes_per_task: 0 } as Batch;

let held: Set<string>; // as the server has it
let lost: (lease: string) => boolean;

const lease = (name: string, batch: number, more: Partial<Packed> = {}): Packed => ({
  lease: name,
  batch,
  project: batch,
  item: { id: 1, text: name },
  expires_at: new Date(Date.now() + 600_000).toISOString(),
  owner: "w1",
  ...more,
});
const inPack = async () => (await (await db()).getAll("pack")).map((one) => one.lease).sort();
const hold = async (...leases: Packed[]) => {
  for (const one of leases) {
    held.add(one.lease);
    await (await db()).put("pack", one);
  }
};
const tenOf = (batch: number, more: Partial<Packed> = {}) => Array.from({ length: MOST }, (_, n) => lease(`${batch}-${n}`, batch, more));

function draws(n: number): Response {
  const room = Math.min(n, MOST - held.size);
  if (room < 1) return new Response(JSON.stringify({ error: { code: "hand_full", field: "n", message: "No." } }), { status: 409 });
  const leases: Lease[] = Array.from({ length: room }, (_, k) => lease(`new-${k}`, HERE.batch));
  for (const one of leases) held.add(one.lease);
  return new Response(JSON.stringify({ leases }));
}

beforeEach(async () => {
  const database = await db();
  for (const store of ["outbox", "pack", "meta"] as const) await database.clear(store);
  [held, lost] = [new Set(), () => false];
  vi.stubGlobal("location", { href: "http://here/app/" });
  vi.stubGlobal("fetch", async (url: string, { body }: { body: string }) => {
    const sent = JSON.parse(body) as { n: number; lease: string };
    if (url.endsWith("/work/draw")) return draws(sent.n);
    if (lost(sent.lease)) throw new TypeError("a tunnel");
    held.delete(sent.lease);
    return new Response("{}");
  });
});
afterEach(() => vi.unstubAllGlobals());

it("makes room where she works now, of what lies ahead elsewhere", async () => {
  await hold(...tenOf(1));
  expect(await drawHere("w1", HERE, WISH)).toBe(MOST);
  expect((await inPack()).every((name) => name.startsWith("new-"))).toBe(true);
  expect([...held].sort()).toEqual(await inPack());
});

it("leaves the tasks of an exam, where what goes back counts as missed", async () => {
  await setMeta("batches", [{ batch: 1, exam_tasks: 14 }]);
  await hold(...tenOf(1));
  await expect(drawHere("w1", HERE, WISH)).rejects.toMatchObject({ refusal: { code: "hand_full" } });
  expect(held.size).toBe(MOST);
});

it("leaves what she began, what she took along, and what is another's", async () => {
  await hold(lease("begun", 1), lease("taken", 1, { pack: true }), ...tenOf(1).slice(2));
  await setMeta("draft:begun", { label: "a" });
  await (await db()).put("pack", lease("hers", 1, { owner: "w2" }));
  expect(await drawHere("w1", HERE, WISH)).toBe(MOST - 2);
  expect((await inPack()).filter((name) => !name.startsWith("new-"))).toEqual(["begun", "hers", "taken"]);
});

it("says so when her hand is full of what she took along", async () => {
  await hold(...tenOf(1, { pack: true }));
  await expect(drawHere("w1", HERE, WISH)).rejects.toMatchObject({ status: 409 });
  expect((await inPack()).length).toBe(MOST);
});

it("keeps what the server has not heard of", async () => {
  await hold(...tenOf(1));
  lost = (name) => name === "1-3";
  await expect(drawHere("w1", HERE, WISH)).rejects.toMatchObject({ status: 0 });
  await vi.waitFor(async () => expect(await inPack()).toEqual(["1-3"]));
  expect([...held]).toEqual(["1-3"]);
});

it("gives nothing back while there is room", async () => {
  await hold(lease("ahead", 1));
  expect(await drawHere("w1", HERE, WISH)).toBe(MOST - 1);
  expect(await inPack()).toContain("ahead");
});
