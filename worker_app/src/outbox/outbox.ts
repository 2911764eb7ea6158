import { db, type Kept } from "./db";
import type { ApiError } from "@app/app/api";
import type { AnswerBody, AnswerResult } from "@app/app/types";

/** How the outbox speaks to the server: path under /api/v1 and body in, reply out; throws ApiError. */
export type Post = (path: string, body: unknown) => Promise<unknown>;
export type Drained = { settled: Kept[]; left: number; retryAfterS: number | null; signedOut: boolean };

const BATCH = 20;
const FINAL = new Set(["accepted", "repeated", "refused"]);

/** Writes to the disk, and takes the lease out of the pack in the same transaction. Only after this may the screen say "saved". */
export async function keep(entry: Omit<Kept, "state">): Promise<Kept> {
  const kept: Kept = { ...entry, state: "waiting" };
  const writing = (await db()).transaction(["outbox", "pack"], "readwrite", { durability: "strict" });
  await Promise.all([writing.objectStore("outbox").add(kept), writing.objectStore("pack").delete(kept.lease), writing.done]);
  return kept;
}

export async function waiting(owner: string): Promise<Kept[]> {
  return (await db()).getAllFromIndex("outbox", "by_owner_state", [owner, "waiting"]);
}

export async function countWaiting(owner: string): Promise<number> {
  return (await db()).countFromIndex("outbox", "by_owner_state", [owner, "waiting"]);
}

export async function countWaitingOfAll(): Promise<number> {
  const all = await (await db()).getAll("outbox");
  return all.filter((kept) => kept.state === "waiting").length;
}

export async function getKept(id: string): Promise<Kept | undefined> {
  return (await db()).get("outbox", id);
}

/**
 * Sends what waits, oldest first, the same bytes under the same id until the server gives a final word on each.
 * Stops at the first sign that the network or the session is away; safe to call at any time, from page or service worker.
 */
export async function drain(owner: string, post: Post): Promise<Drained> {
  const settled: Kept[] = [];
  const stop = { retryAfterS: null as number | null, signedOut: false };
  try {
    const entries = await waiting(owner);
    const answers = entries.filter((kept) => kept.kind === "answer");
    for (let k = 0; k < answers.length; k += BATCH) settled.push(...(await sendAnswers(answers.slice(k, k + BATCH), post)));
    for (const kept of entries) if (kept.kind !== "answer") settled.push(await sendCall(kept, post));
  } catch (error) {
    const failure = error as ApiError;
    if (!failure.mayPass && !failure.signedOut) throw error;
    stop.retryAfterS = failure.retryAfterS;
    stop.signedOut = failure.signedOut;
  }
  return { settled, left: await countWaiting(owner), ...stop };
}

async function sendAnswers(answers: Kept[], post: Post): Promise<Kept[]> {
  try {
    const reply = await post("/work/answers", { answers: answers.map((kept) => kept.body as AnswerBody) });
    return record(answers, resultsOf(reply));
  } catch (error) {
    const failure = error as ApiError;
    const results = resultsOf(failure.body);
    if (results.length) return record(answers, results); // 409: the one answer sent was refused
    if (failure.mayPass || failure.signedOut) throw error;
    return splitOrRefuse(answers, failure, post);
  }
}

/** The whole call was refused: send halves, so that one bad answer never holds up the good ones. */
async function splitOrRefuse(answers: Kept[], failure: ApiError, post: Post): Promise<Kept[]> {
  if (answers.length === 1) return [await refuse(answers[0]!, failure)];
  const half = Math.ceil(answers.length / 2);
  const first = await sendAnswers(answers.slice(0, half), post);
  return [...first, ...(await sendAnswers(answers.slice(half), post))];
}

async function sendCall(kept: Kept, post: Post): Promise<Kept> {
  try {
    await post(`/work/${kept.kind}`, kept.body);
    return await write({ ...kept, state: "accepted" });
  } catch (error) {
    const failure = error as ApiError;
    if (failure.mayPass || failure.signedOut) throw error;
    return refuse(kept, failure);
  }
}

function resultsOf(reply: unknown): AnswerResult[] {
  return (reply as { results?: AnswerResult[] } | null)?.results ?? [];
}

async function record(answers: Kept[], results: AnswerResult[]): Promise<Kept[]> {
  const byId = new Map(results.map((result) => [result.id, result]));
  const settled: Kept[] = [];
  for (const kept of answers) {
    const result = byId.get(kept.id);
    if (result && FINAL.has(result.status)) settled.push(await write({ ...kept, state: result.status, result, error: result.error }));
  }
  return settled;
}

function refuse(kept: Kept, failure: ApiError): Promise<Kept> {
  const { code = "refused", field = "", message = failure.message } = failure.refusal;
  return write({ ...kept, state: "refused", error: { code, field, message } });
}

async function write(kept: Kept): Promise<Kept> {
  await (await db()).put("outbox", kept);
  return kept;
}
