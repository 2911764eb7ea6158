import { db, type Kept, type Packed } from "./db";
import { ApiError } from "@app/app/api";
import { dropReading, readingOf, type Reading } from "./reading";
import type { AnswerBody, AnswerResult } from "@app/app/types";

/** How the outbox speaks to the server: path under /api/v1 and body in, reply out; throws ApiError. */
export type Post = (path: string, body: unknown) => Promise<unknown>;
/** Whose session it is right now: a pseudonym. Throws ApiError. */
export type WhoAmI = () => Promise<string>;
export type Drained = { settled: Kept[]; left: number; retryAfterS: number | null; signedOut: boolean };

const BATCH = 20;
/** How long the last answer of one tap can be taken back. */
export const HOLD_MS = 6000;
const NOT_FOUND = "not_found";
type Status = AnswerResult["status"];
const FINAL: ReadonlySet<Status> = new Set(["accepted", "repeated", "refused"]);
const isFinal = (status: Status): status is Exclude<Status, "waits"> => FINAL.has(status);

/** Writes to the disk, and takes the lease out of the pack in the same transaction. Only after this may the screen say "saved". */
export async function keepAll(entries: Omit<Kept, "state">[]): Promise<Kept[]> {
  const kept = entries.map((entry): Kept => ({ ...entry, state: "waiting" }));
  const writing = (await db()).transaction(["outbox", "pack"], "readwrite", { durability: "strict" });
  const [outbox, pack] = [writing.objectStore("outbox"), writing.objectStore("pack")];
  await Promise.all([...kept.flatMap((one) => [outbox.add(one), pack.delete(one.lease)]), writing.done]);
  return kept;
}

export const keep = async (entry: Omit<Kept, "state">): Promise<Kept> => (await keepAll([entry]))[0]!;

/** How long an entry is still held back; 0 when it may be sent. A clock that was set back holds nothing for longer. */
export function heldMs({ state, heldUntilMs = 0 }: Kept, nowMs = Date.now()): number {
  const left = heldUntilMs - nowMs;
  return state === "waiting" && left > 0 && left <= HOLD_MS ? left : 0;
}

/** An answer is held for as long as it is the last one. */
export async function releaseHeld(owner: string): Promise<void> {
  for (const kept of await waiting(owner)) if (heldMs(kept)) await write({ ...kept, heldUntilMs: 0 });
}

/** An answer that was kept, and what its task was in the pack. */
export type Done = { id: string; packed: Packed };

/** Out of the outbox and back into the pack, all of it or nothing; false when it is too late for that. */
export async function takeBack(done: Done[]): Promise<boolean> {
  const writing = (await db()).transaction(["outbox", "pack"], "readwrite", { durability: "strict" });
  const [outbox, pack] = [writing.objectStore("outbox"), writing.objectStore("pack")];
  const kept = await Promise.all(done.map(({ id }) => outbox.get(id)));
  const possible = kept.every((one) => one !== undefined && heldMs(one) > 0);
  if (possible) await Promise.all(done.flatMap(({ id, packed }) => [outbox.delete(id), pack.put(packed)]));
  await writing.done;
  return possible;
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
export async function drain(owner: string, post: Post, whoAmI: WhoAmI): Promise<Drained> {
  const settled: Kept[] = [];
  const stop = { retryAfterS: null as number | null, signedOut: false };
  const road = new Road(owner, post, whoAmI);
  try {
    for (const read of await readingOf(owner)) await road.sendReading(read);
    const entries = (await waiting(owner)).filter((kept) => !heldMs(kept));
    const answers = entries.filter((kept) => kept.kind === "answer");
    for (let k = 0; k < answers.length; k += BATCH) settled.push(...(await road.sendAnswers(answers.slice(k, k + BATCH))));
    for (const kept of entries) if (kept.kind !== "answer") settled.push(await road.sendCall(kept));
  } catch (error) {
    if (!(error instanceof ApiError) || (!error.mayPass && !error.signedOut)) throw error;
    stop.retryAfterS = error.retryAfterS;
    stop.signedOut = error.signedOut;
  }
  const left = (await waiting(owner)).filter((kept) => !heldMs(kept)).length;
  return { settled, left, ...stop };
}

/** One drain's way to the server. */
class Road {
  constructor(
    private owner: string,
    private post: Post,
    private whoAmI: WhoAmI,
  ) {}

  async sendAnswers(answers: Kept[]): Promise<Kept[]> {
    try {
      const reply = await this.post("/work/answers", { answers: answers.map((kept) => kept.body as AnswerBody) });
      return await this.record(answers, resultsOf(reply));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const results = resultsOf(error.body);
      if (results.length) return this.record(answers, results); // 409: the one answer sent was refused
      if (error.mayPass || error.signedOut) throw error;
      return this.splitOrRefuse(answers, error);
    }
  }

  /** The whole call was refused: send halves, so that one bad answer never holds up the good ones. */
  private async splitOrRefuse(answers: Kept[], failure: ApiError): Promise<Kept[]> {
    if (answers.length === 1) return [await this.refuse(answers[0]!, failure)];
    const half = Math.ceil(answers.length / 2);
    const first = await this.sendAnswers(answers.slice(0, half));
    return [...first, ...(await this.sendAnswers(answers.slice(half)))];
  }

  /** Before her answers: their time follows it. What the server does not know, it never will. */
  async sendReading({ id, batch, active_ms }: Reading): Promise<void> {
    try {
      await this.post("/work/reading", { id, batch, active_ms });
    } catch (error) {
      if (!(error instanceof ApiError) || error.mayPass || error.signedOut) throw error;
    }
    await dropReading(id);
  }

  async sendCall(kept: Kept): Promise<Kept> {
    try {
      await this.post(`/work/${kept.kind}`, kept.body);
      return await write({ ...kept, state: "accepted" });
    } catch (error) {
      if (!(error instanceof ApiError) || error.mayPass || error.signedOut) throw error;
      return this.refuse(kept, error);
    }
  }

  private async record(answers: Kept[], results: AnswerResult[]): Promise<Kept[]> {
    if (results.some((result) => result.error?.code === NOT_FOUND)) await this.checkOwner();
    const byId = new Map(results.map((result) => [result.id, result]));
    const settled: Kept[] = [];
    for (const kept of answers) {
      const result = byId.get(kept.id);
      if (result && isFinal(result.status)) settled.push(await write({ ...kept, state: result.status, result, error: result.error }));
    }
    return settled;
  }

  private async refuse(kept: Kept, failure: ApiError): Promise<Kept> {
    const { code = "refused", field = "", message = failure.message } = failure.refusal;
    if (code === NOT_FOUND) await this.checkOwner();
    return write({ ...kept, state: "refused", error: { code, field, message } });
  }

  /** "Not yours" is only a final word in her own session: in another tab somebody else may have signed in meanwhile. */
  private async checkOwner(): Promise<void> {
    if ((await this.whoAmI()) !== this.owner) throw new ApiError(401, "somebody else is signed in");
  }
}

function resultsOf(reply: unknown): AnswerResult[] {
  return (reply as { results?: AnswerResult[] } | null)?.results ?? [];
}

async function write(kept: Kept): Promise<Kept> {
  await (await db()).put("outbox", kept);
  return kept;
}
