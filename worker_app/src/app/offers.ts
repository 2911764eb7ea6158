/** What is on offer: a short list in pages; each offer in full once she looks at it. What was seen stays on the phone. */
import { apiTagged, type Tagged } from "./api";
import { localPath } from "./pages";
import { route } from "./router";
import { createStore } from "./store";
import type { Batch, Page } from "./types";
import { getMeta, remember } from "@app/outbox/db";
import { packOf } from "@app/prefetch/pack";

export const batches = createStore<Batch[] | null>(null);
/** The address of the list's next page, when there is one. */
export const moreOffers = createStore<string | null>(null);

const FIRST = "/work/batches";

/** The first page, best paid first. Unchanged since the last time, it costs a few bytes. */
export async function refreshBatches(owner: string): Promise<void> {
  const known = await getMeta<Tagged<Page<Batch>>>("offers");
  const page = await apiTagged<Page<Batch>>(FIRST, known);
  if (page !== known) remember("offers", page);
  const offered = new Set(page.body.results.map((batch) => batch.batch));
  // What she has taken along stays on the list, also when the server has nothing more of it to give.
  const taken: Batch[] = [];
  for (const batch of batches.get() ?? []) if (!offered.has(batch.batch) && (route.get()[1] === String(batch.batch) || (await packOf(owner, batch.batch)).length)) taken.push(batch);
  moreOffers.set(page.body.next && localPath(page.body.next));
  show([...page.body.results.map(withKnown), ...taken.map((batch) => ({ ...batch, open_items: 0 }))]);
}

export async function loadMoreOffers(): Promise<void> {
  const next = moreOffers.get();
  if (!next) return;
  const { body } = await apiTagged<Page<Batch>>(next);
  const here = new Set(body.results.map((batch) => batch.batch));
  moreOffers.set(body.next && localPath(body.next));
  show([...(batches.get() ?? []).filter((batch) => !here.has(batch.batch)), ...body.results.map(withKnown)]);
}

/** With instructions and labels, which a task needs. Throws ApiError; what the phone has is good enough for who has no network. */
export async function loadOffer(batch: Batch): Promise<Batch> {
  const known = batch.tag && batch.config ? { tag: batch.tag, body: batch } : undefined;
  const { body, tag } = await apiTagged<Batch>(`/work/batches/${batch.batch}`, known);
  const { instructions, config, question, examples, warnings, agreed, spoken, half_took_s, fee_micro } = body;
  const full = { instructions, config, question, examples, warnings, agreed, spoken, half_took_s, fee_micro, tag };
  const whole = { ...batch, ...full };
  show((batches.get() ?? []).map((one) => (one.batch === batch.batch ? { ...one, ...full } : one)));
  return whole;
}

/** An offer that is on no page of the list, for tasks of it that she holds. */
export async function addOffer(id: number): Promise<void> {
  const { body, tag } = await apiTagged<Batch>(`/work/batches/${id}`);
  show([...(batches.get() ?? []).filter((one) => one.batch !== id), { ...body, tag }]);
}

/** An offer that a link names: it may be on a later page of the list, or on none. Throws ApiError where she may not have it. */
export async function findOffer(owner: string, id: number): Promise<void> {
  if (!batches.get()) await refreshBatches(owner);
  if (!batches.get()!.some((one) => one.batch === id)) await addOffer(id);
}

/** A list's row says nothing of what she read in full before. */
function withKnown(row: Batch): Batch {
  const before = batches.get()?.find((one) => one.batch === row.batch);
  if (!before) return row;
  const { instructions, config, question, examples, agreed, spoken, half_took_s, tag } = before;
  return { ...row, instructions, config, question, examples, agreed, spoken, half_took_s, tag };
}

function show(list: Batch[]): void {
  batches.set(list);
  remember("batches", list);
}
