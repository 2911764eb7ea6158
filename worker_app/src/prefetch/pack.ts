import { api, ApiError } from "@app/app/api";
import { serverNowMs } from "@app/app/clock";
import type { Batch, Lease } from "@app/app/types";
import { db, deleteMeta, type Packed } from "@app/outbox/db";
import { uuid7 } from "@app/outbox/uuid7";
import { chooseVariant, fetchToCache, forget, heldUrls } from "./media";

export const PACK_ITEMS = 20;
const THRIFTY_ITEMS = 3;
export const PACK_BYTES = 2_000_000;
export const REFILL_BELOW = 5;
const LEASE_SAFE_S = 25 * 60; // a little under the server's lease
const RECEIPTS_MS = 60 * 24 * 3600 * 1000;
const SPARE_MS = 15_000; // do not start what ends while she reads it

/** How many more to lend: 20 or 2 MB, whichever comes first, and no more than she can do before they go back. */
export function packSize(batch: Pick<Batch, "bytes_per_task" | "task_s">, have: number, thrift: boolean): number {
  const most = thrift ? THRIFTY_ITEMS : PACK_ITEMS;
  const byBytes = batch.bytes_per_task > 0 ? Math.floor(PACK_BYTES / batch.bytes_per_task) : most;
  const byTime = batch.task_s > 0 ? Math.floor(LEASE_SAFE_S / batch.task_s) : most;
  return Math.max(0, Math.max(1, Math.min(most, byBytes, byTime)) - have);
}

export const isLive = (lease: Lease, nowMs = serverNowMs()): boolean => Date.parse(lease.expires_at) - SPARE_MS > nowMs;

export async function packOf(owner: string, batch: number): Promise<Packed[]> {
  const all = await (await db()).getAllFromIndex("pack", "by_owner_batch", [owner, batch]);
  return all.filter((lease) => isLive(lease));
}

/** Live leases by batch, for the work list. */
export async function countPacks(owner: string): Promise<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (const lease of await (await db()).getAll("pack"))
    if (lease.owner === owner && isLive(lease)) counts[lease.batch] = (counts[lease.batch] ?? 0) + 1;
  return counts;
}

/** Takes out what went back to the server, every picture that nothing needs, and receipts of long ago. */
export async function tidy(): Promise<void> {
  const database = await db();
  const held = await heldUrls(); // before the pack is read: what a draw beside this brings in now is not among them
  const needed = new Set<string>();
  for (const lease of await database.getAll("pack")) {
    if (!isLive(lease)) await database.delete("pack", lease.lease);
    else for (const url of [lease.mediaUrl, lease.peaksUrl]) if (url) needed.add(new URL(url, location.href).href);
  }
  for (const kept of await database.getAll("outbox")) {
    if (kept.state === "waiting" && kept.mediaUrl) needed.add(new URL(kept.mediaUrl, location.href).href);
    // What was not acknowledged stays for ever; receipts can be had from the server and from each day's proof.
    if (kept.state !== "waiting" && Date.now() - kept.keptAtMs > RECEIPTS_MS) await database.delete("outbox", kept.id);
  }
  await forget(held.filter((url) => !needed.has(url)));
}

/**
 * Lends up to a full pack from the server and writes it to the phone. Returns how many came. Throws ApiError.
 * A draw whose reply was lost comes first, under its own id: the server gives what it lent then, and nothing twice.
 */
export async function draw(owner: string, batch: Batch, thrift: boolean, wantPx: number): Promise<number> {
  for (let came = 0; ; ) {
    const n = packSize(batch, (await packOf(owner, batch.batch)).length, thrift);
    if (n === 0) return came;
    const { key, id, repeated } = await drawId(owner, batch.batch);
    const leases = await lend(key, { batch: batch.batch, n, id });
    came += await takeIn(key, id, leases.map((lease) => packed(lease, owner, thrift, wantPx)));
    if (!repeated) return came;
  }
}

/** The id of a draw, on the disk before the server is asked; one that was not ended yet is used again, also by another tab. */
async function drawId(owner: string, batch: number): Promise<{ key: string; id: string; repeated: boolean }> {
  const key = `draw:${owner}:${batch}`;
  const writing = (await db()).transaction("meta", "readwrite", { durability: "strict" });
  const lost = (await writing.store.get(key)) as string | undefined;
  const id = lost ?? uuid7();
  if (!lost) await writing.store.put(id, key);
  await writing.done;
  return { key, id, repeated: lost !== undefined };
}

async function lend(key: string, body: { batch: number; n: number; id: string }): Promise<Lease[]> {
  try {
    return (await api<{ leases: Lease[] }>("/work/draw", { body })).leases;
  } catch (error) {
    if (error instanceof ApiError && !error.mayPass && !error.signedOut) await deleteMeta(key); // refused: nothing to ask for again
    throw error;
  }
}

/** Leases into the pack and the id forgotten, both or neither. Whoever finds the id gone came second: what it brought is here, or done already. */
async function takeIn(key: string, id: string, leases: Packed[]): Promise<number> {
  const writing = (await db()).transaction(["pack", "meta"], "readwrite", { durability: "strict" });
  const [pack, meta] = [writing.objectStore("pack"), writing.objectStore("meta")];
  const mine = (await meta.get(key)) === id;
  if (mine) await Promise.all([...leases.map((lease) => pack.put(lease)), meta.delete(key)]);
  await writing.done;
  return mine ? leases.length : 0;
}

function packed(lease: Lease, owner: string, thrift: boolean, wantPx: number): Packed {
  const chosen = lease.item.media ? chooseVariant(lease.item.media, wantPx, thrift) : { mediaUrl: undefined, peaksUrl: undefined };
  return { ...lease, owner, mediaUrl: chosen.mediaUrl, peaksUrl: chosen.peaksUrl };
}

/** Fetches the media of a pack, one after the other so that the first is there first, up to 2 MB. */
export async function fetchMedia(packed: Packed[], onEach: () => void = () => undefined): Promise<void> {
  let spent = 0;
  for (const lease of packed) {
    if (spent >= PACK_BYTES) return;
    for (const url of [lease.mediaUrl, lease.peaksUrl]) if (url) await fetchToCache(url);
    const sizes = Object.values(lease.item.media?.variants ?? {});
    spent += sizes.find((variant) => variant.url === lease.mediaUrl)?.bytes ?? 0;
    onEach();
  }
}
