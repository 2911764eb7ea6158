import { failureOf } from "@app/app/api";
import { wordsOf } from "@app/screens/parts/faults";
import { networkIsPoor } from "@app/app/device";
import { loadOffer } from "@app/app/offers";
import { dataSaver, owner } from "@app/app/session";
import type { Batch } from "@app/app/types";
import { loadTaskType, type LoadedMedia, type Question, type TaskType } from "@app/app/widget";
import type { Packed } from "@app/outbox/db";
import { keepAndSend } from "@app/outbox/sync";
import { uuid7 } from "@app/outbox/uuid7";
import { Gone, loadMedia } from "@app/prefetch/media";
import { drawHere } from "@app/prefetch/ahead";
import { renewSoon } from "@app/prefetch/held";
import { draw, fetchMedia, packOf, readyOffline, REFILL_BELOW, type Wish } from "@app/prefetch/pack";
import { questionOf, WIDEST_PX, widthFor } from "./asked";

export type Task = { packed: Packed; media: LoadedMedia; question: Question; type: TaskType<unknown, unknown> };
export type NoTask = { none: "empty" | "gone" | "offline" | "over" | "signed_out" | "refused"; message: string };

const isThrifty = (): boolean => dataSaver.get() || networkIsPoor();

/** How wide a picture is of use before the type is here; where it is not to be had, any task may zoom in. */
export async function wantedPx(taskType: string, config?: Batch["config"]): Promise<number> {
  const type = await loadTaskType(taskType, config).catch(noFile);
  return type && type !== "away" ? widthFor(type) : WIDEST_PX;
}

/** What is drawn while she works: few and small where data are dear. */
export const wishOf = async ({ task_type, config }: Batch): Promise<Wish> => ({ thrift: isThrifty(), wantPx: await wantedPx(task_type, config) });

/** The next lease of the pack that can be shown, with its media; draws from the server when the pack is empty. */
export async function nextTask(offer: Batch, passed: Set<string>): Promise<Task | NoTask> {
  let batch = offer;
  try {
    if (!batch.config) batch = await loadOffer(batch);
  } catch (error) {
    return explain(error);
  }
  const type = await loadTaskType(batch.task_type, batch.config).catch(noFile);
  if (type === "away") return { none: "offline", message: "" };
  if (!type) return { none: "refused", message: batch.task_type };
  const gone: string[] = [];
  const first = await firstShowable(batch, type, passed, gone);
  if (first) return refillLater(batch, first);
  try {
    await drawHere(owner(), batch, await wishOf(batch));
  } catch (error) {
    const told = explain(error);
    const ended = (await readyOffline(owner()))[batch.batch]?.ended;
    return told.none === "offline" && ended ? { none: "over", message: "" } : told;
  }
  const drawn = await firstShowable(batch, type, passed, gone);
  if (drawn) return refillLater(batch, drawn);
  if (gone.length) return { none: "gone", message: "" };
  const unseen = (await packOf(owner(), batch.batch)).some((lease) => !passed.has(lease.lease));
  return { none: unseen ? "offline" : "empty", message: "" };
}

/** The type's code could not be fetched: she sees that the network is away, with a key to try again, not a wheel for ever. */
function noFile(error: unknown): "away" {
  console.info("the task type is not to be had now", error);
  return "away";
}

function explain(error: unknown): NoTask {
  const { signedOut, mayPass } = failureOf(error);
  if (signedOut) return { none: "signed_out", message: "" };
  if (mayPass) return { none: "offline", message: "" };
  return { none: "refused", message: wordsOf(error) };
}

/** gone: leases whose picture or sound is not there any more. They are reported for her and go back: nobody can do them. */
async function firstShowable(batch: Batch, type: Task["type"], passed: Set<string>, gone: string[]): Promise<Task | null> {
  const pack = (await packOf(owner(), batch.batch)).filter((lease) => !passed.has(lease.lease));
  pack.sort((a, b) => a.expires_at.localeCompare(b.expires_at) || a.lease.localeCompare(b.lease));
  for (const packed of pack) {
    try {
      const media = await loadMedia(packed.item, packed);
      if (packed.config) await loadTaskType(batch.task_type, packed.config);
      return { packed, media, question: questionOf({ ...batch, config: packed.config ?? batch.config }, packed.item), type };
    } catch (error) {
      console.info("media not to be had now", error); // offline and not fetched yet: another one may be here
      if (error instanceof Gone) gone.push(await reportGone(batch, packed));
    }
  }
  return null;
}

async function reportGone(batch: Batch, packed: Packed): Promise<string> {
  const { lease, item } = packed;
  const entry = { id: uuid7(), owner: owner(), kind: "report", batch: batch.batch, lease, body: { lease, reason: "broken", comment: "" } } as const;
  await keepAndSend({ ...entry, keptAtMs: Date.now(), baseMicro: 0, currency: batch.currency, item });
  return lease;
}

function refillLater(batch: Batch, task: Task): Task {
  refill(batch).catch((error: unknown) => console.info("the pack is filled up later", error));
  return task;
}

async function refill(batch: Batch): Promise<void> {
  const pack = await packOf(owner(), batch.batch);
  await renewSoon(owner(), [batch]);
  if (pack.length <= REFILL_BELOW) await draw(owner(), batch, await wishOf(batch));
  if (!isThrifty()) await fetchMedia(await packOf(owner(), batch.batch));
}
