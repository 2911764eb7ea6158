import { failureOf } from "@app/app/api";
import { wordsOf } from "@app/screens/parts/faults";
import { networkIsPoor } from "@app/app/device";
import { loadOffer } from "@app/app/offers";
import { dataSaver, owner, session } from "@app/app/session";
import type { Batch } from "@app/app/types";
import { loadedTaskType, loadTaskType, type LoadedMedia, type Question, type TaskType } from "@app/app/widget";
import type { Packed } from "@app/outbox/db";
import { keepAndSend } from "@app/outbox/sync";
import { uuid7 } from "@app/outbox/uuid7";
import { Gone, loadMedia } from "@app/prefetch/media";
import { drawHere } from "@app/prefetch/ahead";
import { renewSoon } from "@app/prefetch/held";
import { draw, fetchMedia, packOf, readyOffline, REFILL_BELOW, type Wish } from "@app/prefetch/pack";
import { questionOf, WIDEST_PX, widthFor } from "./asked";

/** cells: those that are shown together, where several are; the first of them lends its packed and its media. */
export type Task = { packed: Packed; media: LoadedMedia; question: Question; type: TaskType<unknown, unknown>; cells?: Task[] };
export type NoTask = { none: "empty" | "gone" | "offline" | "over" | "signed_out" | "refused"; message: string };

const FILL_UP_MS = 3_000;

const isThrifty = (): boolean => dataSaver.get() || networkIsPoor();

/** How wide a picture is of use before the type is here; where it is not to be had, any task may zoom in. */
export async function wantedPx(taskType: string, config?: Batch["config"]): Promise<number> {
  const type = await loadTaskType(taskType, config).catch(noFile);
  return type && type !== "away" ? widthFor(type, config) : WIDEST_PX;
}

/** What is drawn while she works: few and small where data are dear. */
export async function wishOf(batch: Batch): Promise<Wish> {
  const wantPx = await wantedPx(batch.task_type, batch.config);
  const type = loadedTaskType(batch.task_type);
  return { thrift: isThrifty(), wantPx, together: type && atOnce(type, batch) };
}

/**
 * How many tasks one screen shows. No more than half of what she may hold: while the last can still be taken back the server counts them
 * as hers, and the next must be there already. What may disturb is uncovered one by one.
 */
export function atOnce(type: TaskType<unknown, unknown>, { config, warnings = [] }: Pick<Batch, "config" | "warnings">): number {
  if (warnings.length) return 1;
  const mayHold = session.get().me?.worker?.may_hold ?? Infinity;
  return Math.max(1, Math.min(type.together?.most(config) ?? 1, Math.ceil(mayHold / 2)));
}

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
  const n = atOnce(type, batch);
  await fillUp(batch, n, passed);
  const first = await showable(batch, type, passed, gone, n);
  if (first) return refillLater(batch, first);
  try {
    await drawHere(owner(), batch, await wishOf(batch));
  } catch (error) {
    const told = explain(error);
    const ended = (await readyOffline(owner()))[batch.batch]?.ended;
    return told.none === "offline" && ended ? { none: "over", message: "" } : told;
  }
  const drawn = await showable(batch, type, passed, gone, n);
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

/** Where several are shown at once and fewer are here, more are asked for first; with those that are here she need not wait for long. */
async function fillUp(batch: Batch, n: number, passed: Set<string>): Promise<void> {
  const here = (await packOf(owner(), batch.batch)).filter(({ lease }) => !passed.has(lease)).length;
  if (here === 0 || here >= n) return;
  const drawn = draw(owner(), batch, await wishOf(batch)).catch((error: unknown) => console.info("with fewer, then", error));
  await Promise.race([drawn, new Promise((resolve) => setTimeout(resolve, FILL_UP_MS))]);
}

/** gone: leases whose picture or sound is not there any more. They are reported for her and go back: nobody can do them. */
async function showable(batch: Batch, type: Task["type"], passed: Set<string>, gone: string[], n: number): Promise<Task | null> {
  const pack = (await packOf(owner(), batch.batch)).filter((lease) => !passed.has(lease.lease));
  pack.sort((a, b) => a.expires_at.localeCompare(b.expires_at) || a.lease.localeCompare(b.lease));
  const asked = n > 1 ? pack.filter(({ question }) => question === pack[0]!.question) : pack; // one question a screen
  const found: Task[] = [];
  while (found.length < n && asked.length) {
    const loaded = await Promise.all(asked.splice(0, n - found.length).map((packed) => shownOf(batch, type, packed, gone)));
    found.push(...loaded.filter((one) => one !== null));
  }
  return n > 1 && found[0] ? together(found) : (found[0] ?? null);
}

async function shownOf(batch: Batch, type: Task["type"], packed: Packed, gone: string[]): Promise<Task | null> {
  try {
    const media = await loadMedia(packed.item, packed);
    if (packed.config) await loadTaskType(batch.task_type, packed.config);
    return { packed, media, question: questionOf({ ...batch, config: packed.config ?? batch.config }, packed.item), type };
  } catch (error) {
    console.info("media not to be had now", error); // offline and not fetched yet: another one may be here
    if (error instanceof Gone) gone.push(await reportGone(batch, packed));
    return null;
  }
}

/** One task of those that are shown at once, where the project wants it so. No guess of a computer's is shown beside them. */
export function together(cells: Task[]): Task {
  const first = cells[0]!;
  if ((first.type.together?.most(first.question.config) ?? 1) < 2) return first;
  return { ...first, packed: { ...first.packed, suggestion: null }, question: { ...first.question, together: cells.map(({ packed }) => packed.lease) }, cells };
}

async function reportGone(batch: Batch, packed: Packed): Promise<string> {
  const { lease, item } = packed;
  const entry = { id: uuid7(), owner: owner(), kind: "report", batch: batch.batch, lease, body: { lease, reason: "broken", comment: "" } } as const;
  await keepAndSend({ ...entry, keptAtMs: Date.now(), baseMicro: 0, currency: batch.currency, item });
  return lease;
}

export function refillLater(batch: Batch, task: Task): Task {
  refill(batch, task.cells?.length ?? 1).catch((error: unknown) => console.info("the pack is filled up later", error));
  return task;
}

/** shown: how many of the pack are on the screen; behind them as many again are wanted, and a few at least. */
async function refill(batch: Batch, shown: number): Promise<void> {
  const pack = await packOf(owner(), batch.batch);
  await renewSoon(owner(), [batch]);
  if (pack.length - shown < Math.max(REFILL_BELOW, shown)) await draw(owner(), batch, await wishOf(batch));
  if (!isThrifty()) await fetchMedia(await packOf(owner(), batch.batch));
}
