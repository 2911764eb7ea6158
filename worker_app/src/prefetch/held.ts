/** What she holds, as the server has it: tasks come back to a second phone, go when they are over, and are renewed while she is online. */
import { api, apiTagged, type Tagged } from "@app/app/api";
import { serverNowMs } from "@app/app/clock";
import type { Batch, Lease } from "@app/app/types";
import { db, getMeta, setMeta, type Packed } from "@app/outbox/db";
import { configsOf, endOf, isLive, packed, type Wish } from "./pack";

const RENEW_BELOW = 1 / 3; // of its length is left
const LEASE_S = 30 * 60;
const NOT_AGAIN_MS = 5 * 60_000;
const tried = new Map<number, number>(); // batch -> when it was asked for last
type Times = Pick<Lease, "lease" | "expires_at" | "paid_until">;

/** How a task that comes from the server is to lie on this phone. */
export type WishFor = (lease: Lease) => Wish | Promise<Wish>;

/**
 * The pack becomes what the server says that she holds; unchanged since the last time, that costs a few bytes. What she has done here and
 * not sent is hers still: it does not come back. Throws ApiError.
 */
export async function reconcile(owner: string, wishFor: WishFor): Promise<void> {
  const before = (await (await db()).getAll("pack")).filter((lease) => lease.owner === owner).map(({ lease }) => lease);
  const key = `held:${owner}`;
  const known = await getMeta<string>(key);
  const reply = await apiTagged<{ leases: Lease[] } | null>("/work/leases", known === undefined ? undefined : ({ tag: known, body: null } as Tagged<null>));
  if (!reply.body) return;
  await takeOver(owner, reply.body.leases, before, wishFor);
  await setMeta(key, reply.tag);
}

/** In one transaction with the outbox, so that what she answers meanwhile stays answered. */
async function takeOver(owner: string, held: Lease[], before: string[], wishFor: WishFor): Promise<void> {
  const asked = await configsOf(
    undefined,
    held.filter(({ lease }) => !before.includes(lease)),
  );
  const wishes = new Map(await Promise.all(held.map(async (lease) => [lease.lease, await wishFor(lease)] as const)));
  const writing = (await db()).transaction(["pack", "outbox"], "readwrite", { durability: "strict" });
  const pack = writing.objectStore("pack");
  const done = new Set((await writing.objectStore("outbox").getAll()).map((kept) => kept.lease));
  const mine = new Set(held.map(({ lease }) => lease));
  for (const name of before) if (!mine.has(name)) await pack.delete(name);
  for (const lease of held) {
    if (done.has(lease.lease)) continue;
    const here = await pack.get(lease.lease);
    await pack.put(here ? { ...here, ...timesOf(lease) } : { ...packed(lease, owner, wishes.get(lease.lease)!), config: asked.get(lease.question) });
  }
  await writing.done;
}

/** Tasks of this batch are hers for as long again. pack: she takes them along. Throws ApiError. */
export async function renew(batch: number, pack: boolean): Promise<void> {
  const { leases } = await api<{ leases: Times[] }>("/work/renew", { body: { batch, ...(pack && { pack }) } });
  const writing = (await db()).transaction("pack", "readwrite", { durability: "strict" });
  for (const times of leases) {
    const here = await writing.store.get(times.lease);
    if (here) await writing.store.put({ ...here, ...timesOf(times), ...(pack && { pack }) });
  }
  await writing.done;
}

/** Renews what ends soon. What the server does not renew is over when it is over: that is no trouble now. */
export async function renewSoon(owner: string, batches: Batch[]): Promise<void> {
  const all = (await (await db()).getAll("pack")).filter((lease) => lease.owner === owner && isLive(lease));
  for (const batch of batches) {
    if (Date.now() - (tried.get(batch.batch) ?? -Infinity) < NOT_AGAIN_MS) continue;
    const soon = all.filter((lease) => lease.batch === batch.batch && endsSoon(lease, batch));
    if (soon.length) tried.set(batch.batch, Date.now());
    for (const pack of new Set(soon.map((lease) => lease.pack ?? false))) await renew(batch.batch, pack).catch((error: unknown) => console.info("not renewed", error));
  }
}

function endsSoon(lease: Packed, batch: Batch): boolean {
  const lengthS = (lease.pack && batch.pack_s) || batch.lease_s || LEASE_S;
  return endOf(lease) - serverNowMs() < lengthS * RENEW_BELOW * 1000;
}

const timesOf = ({ expires_at, paid_until }: Times) => ({ expires_at, paid_until });
