/** Tasks that the phone drew ahead of her. She may hold so many in all: what she has not begun makes room where she works now. */
import { api, ApiError } from "@app/app/api";
import type { Batch } from "@app/app/types";
import { db, getMeta, type Packed } from "@app/outbox/db";
import { draw, isLive, type Wish } from "./pack";

/** As draw(); where her hand is full of other work, that goes back first. Throws ApiError. */
export async function drawHere(owner: string, batch: Batch, wish: Wish): Promise<number> {
  try {
    return await draw(owner, batch, wish);
  } catch (error) {
    const full = error instanceof ApiError && error.refusal.code === "hand_full";
    if (!full || !(await giveBackAhead(owner, batch.batch))) throw error;
    return draw(owner, batch, wish);
  }
}

/** Of every other batch what she neither began nor took along; nothing of an exam, where what goes back counts as missed. How many went back. Throws ApiError. */
async function giveBackAhead(owner: string, batch: number): Promise<number> {
  const exams = new Set(((await getMeta<Batch[]>("batches")) ?? []).filter((one) => one.exam_tasks).map((one) => one.batch));
  const ahead: Packed[] = [];
  for (const lease of await (await db()).getAll("pack")) {
    const elsewhere = lease.owner === owner && lease.batch !== batch && isLive(lease);
    if (elsewhere && !exams.has(lease.batch) && !lease.pack && (await getMeta("draft:" + lease.lease)) === undefined) ahead.push(lease);
  }
  await Promise.all(ahead.map(giveBack));
  return ahead.length;
}

/** At once, not by the outbox: until it has arrived there is no room. Said twice it is the same. */
async function giveBack({ lease }: Packed): Promise<void> {
  await api("/work/skip", { body: { lease } });
  await (await db()).delete("pack", lease);
}
