import { api, ApiError } from "@app/app/api";
import { serverNowMs } from "@app/app/clock";
import type { Batch, Config, Lease } from "@app/app/types";
import { db, deleteMeta, getMeta, type Packed } from "@app/outbox/db";
import { uuid7 } from "@app/outbox/uuid7";
import { agreedTo } from "@app/app/agreed";
import { chooseFor, fetchToCache, forget, heldUrls, urlsChosen, type ChosenFor } from "./media";

export const PACK_ITEMS = 20;
const THRIFTY_ITEMS = 3;
export const PACK_BYTES = 2_000_000;
/** What she takes along on purpose may be more; how much she may hold is the server's to say. */
const TAKEN_ITEMS = 60;
export const TAKEN_BYTES = 8_000_000;
const MAX_AT_ONCE = 50; // of a draw
export const REFILL_BELOW = 5;
const LEASE_S = 30 * 60; // of a server that does not say
const SAFE_SHARE = 5 / 6; // of a lease, so that all of a pack is done before it ends
const RECEIPTS_MS = 60 * 24 * 3600 * 1000;
const SPARE_MS = 15_000; // do not start what ends while she reads it

export type Room = Pick<Batch, "bytes_per_task" | "task_s" | "lease_s" | "pack_s">;
/** together: how many are shown at once. */
export type Wish = { thrift: boolean; wantPx: number; pack?: boolean; together?: number };

/** How many more to lend: by number, by data, and no more than she can do before they go back. */
export function packSize(batch: Room, have: number, { thrift, pack = false, together = 1 }: Omit<Wish, "wantPx">): number {
  const most = pack ? TAKEN_ITEMS : thrift ? Math.max(THRIFTY_ITEMS, together) : PACK_ITEMS;
  const byBytes = batch.bytes_per_task > 0 ? Math.floor((pack ? TAKEN_BYTES : PACK_BYTES) / batch.bytes_per_task) : most;
  const lengthS = (pack && batch.pack_s) || batch.lease_s || LEASE_S;
  const byTime = batch.task_s > 0 ? Math.floor((lengthS * SAFE_SHARE) / batch.task_s) : most;
  return Math.max(0, Math.max(1, Math.min(most, byBytes, byTime)) - have);
}

export const endOf = (lease: Lease): number => Date.parse(lease.expires_at);
export const isLive = (lease: Lease, nowMs = serverNowMs()): boolean => endOf(lease) - SPARE_MS > nowMs;

export async function packOf(owner: string, batch: number): Promise<Packed[]> {
  const all = await (await db()).getAllFromIndex("pack", "by_owner_batch", [owner, batch]);
  return all.filter((lease) => isLive(lease));
}

export async function batchesInPack(owner: string): Promise<number[]> {
  const all = await (await db()).getAll("pack");
  return [...new Set(all.filter((lease) => lease.owner === owner && isLive(lease)).map((lease) => lease.batch))];
}

export type Ready = { n: number; held: number; endsMs: number; ended: number };

/** By batch: tasks that can be done without network, with picture or sound on this phone; all that she holds; when the first of those that are
 * ready ends; how many have ended. */
export async function readyOffline(owner: string): Promise<Record<number, Ready>> {
  const held = new Set(await heldUrls());
  const ready: Record<number, Ready> = {};
  for (const lease of await (await db()).getAll("pack")) {
    if (lease.owner !== owner) continue;
    const here = (ready[lease.batch] ??= { n: 0, held: 0, endsMs: Infinity, ended: 0 });
    if (!isLive(lease)) {
      here.ended++;
      continue;
    }
    here.held++;
    if (urlsOf(lease).every((url) => held.has(url))) {
      here.n++;
      here.endsMs = Math.min(here.endsMs, endOf(lease));
    }
  }
  return ready;
}

export const urlsOf = (chosen: ChosenFor): string[] => urlsChosen(chosen).map((url) => new URL(url, location.href).href);

/**
 * Takes out pictures that nothing needs, and receipts of long ago. Tasks stay, also when this phone's clock says that their time is over:
 * only the server knows that (held.ts).
 */
export async function tidy(): Promise<void> {
  const database = await db();
  const held = await heldUrls(); // before the pack is read: what a draw beside this brings in now is not among them
  const needed = new Set<string>();
  const taken = await database.getAll("pack");
  for (const lease of taken) for (const url of urlsOf(lease)) needed.add(url);
  const spoken = new Map(((await getMeta<Batch[]>("batches")) ?? []).map((batch) => [batch.batch, batch.spoken?.url]));
  for (const { batch } of taken) if (spoken.get(batch)) needed.add(new URL(spoken.get(batch)!, location.href).href);
  for (const kept of await database.getAll("outbox")) {
    if (kept.state === "waiting") for (const url of urlsOf(kept)) needed.add(url);
    // What was not acknowledged stays for ever; receipts can be had from the server and from each day's proof.
    if (kept.state !== "waiting" && Date.now() - kept.keptAtMs > RECEIPTS_MS) await database.delete("outbox", kept.id);
  }
  await forget(held.filter((url) => !needed.has(url)));
}

/**
 * Lends up to a full pack from the server and writes it to the phone. Returns how many came. Throws ApiError.
 * A draw whose reply was lost comes first, under its own id: the server gives what it lent then, and nothing twice.
 */
export async function draw(owner: string, batch: Batch, wish: Wish): Promise<number> {
  for (let came = 0; ;) {
    const room = packSize(batch, (await packOf(owner, batch.batch)).length, wish);
    if (room === 0) return came;
    const n = Math.min(room, MAX_AT_ONCE);
    const { key, id, repeated } = await drawId(owner, batch.batch);
    const agrees = batch.warnings?.length ? await agreedTo(owner, batch.project) : undefined;
    const leases = await lend(key, { batch: batch.batch, n, id, agrees, ...(wish.pack && { pack: true }) }, came > 0);
    const asked = await configsOf(batch, leases);
    came += await takeIn(
      key,
      id,
      leases.map((lease) => ({ ...packed(lease, owner, wish), config: asked.get(lease.question) })),
    );
    if (!repeated && (room === n || leases.length < n)) return came;
  }
}

/** What can be answered in each version of the question that was lent; what the phone has of another version is no use for these. */
export async function configsOf(known: Batch | undefined, leases: Lease[]): Promise<Map<Lease["question"], Config | undefined>> {
  const asked = new Map<Lease["question"], Config | undefined>();
  for (const { question, batch } of leases) {
    if (asked.has(question)) continue;
    const here = !question || question === known?.question;
    asked.set(question, here ? known?.config : (await api<Batch>(`/work/batches/${batch}?question=${question}`)).config);
  }
  return asked;
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

/** some: a part of the pack has come, so a hand that is full is no trouble. */
async function lend(key: string, body: { batch: number; n: number; id: string; agrees?: string[]; pack?: boolean }, some: boolean): Promise<Lease[]> {
  try {
    return (await api<{ leases: Lease[] }>("/work/draw", { body })).leases;
  } catch (error) {
    if (error instanceof ApiError && !error.mayPass && !error.signedOut) await deleteMeta(key); // refused: nothing to ask for again
    if (some && error instanceof ApiError && error.refusal.code === "hand_full") return [];
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

export function packed(lease: Lease, owner: string, { thrift, wantPx, pack }: Wish): Packed {
  const { mediaUrl, peaksUrl, stripUrl, aidUrls, parts } = chooseFor(lease.item, wantPx, thrift);
  return { ...lease, owner, mediaUrl, peaksUrl, ...(stripUrl && { stripUrl }), ...(aidUrls && { aidUrls }), ...(parts && { parts }), ...(pack && { pack }) };
}

/** Fetches the media of a pack, one after the other so that the first is there first, up to so many bytes. */
export async function fetchMedia(packed: Packed[], most = PACK_BYTES, onEach: () => void = () => undefined): Promise<void> {
  let spent = 0;
  for (const lease of packed) {
    if (spent >= most) return;
    for (const url of urlsChosen(lease)) await fetchToCache(url);
    const sizes = Object.values(lease.item.media?.variants ?? {});
    spent += sizes.find((variant) => variant.url === lease.mediaUrl)?.bytes ?? 0;
    for (const aid of Object.values(lease.item.media?.aids ?? {})) spent += aid.bytes ?? 0;
    for (const part of Object.values(lease.parts ?? {})) spent += part.bytes;
    onEach();
  }
}
