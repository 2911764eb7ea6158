import { api } from "@app/app/api";
import type { Me } from "@app/app/types";
import { createStore } from "@app/app/store";
import * as outbox from "./outbox";
import { countWaiting, drain, getKept, heldMs, type Post, type WhoAmI } from "./outbox";
import { deleteMeta, remember, type Kept } from "./db";
import { keepReading, readingOf, type Reading } from "./reading";

export type SyncState = { unsent: number; doing: "idle" | "sending" | "waiting" | "signed_out" };
export const sync = createStore<SyncState>({ unsent: 0, doing: "idle" });

const FIRST_WAIT_S = 2;
const LONGEST_WAIT_S = 300;
const LOCK = "ilima-drain";

let owner = "";
let attempt = 0;
let heldUntilMs = 0; // of the last answer: so that nothing is looked for when nothing is held
let notBeforeMs = 0;
let again = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let running: Promise<void> | null = null;
const listeners = new Set<(settled: Kept[]) => void>();

/** Hears of every entry on which the server has spoken its final word. */
export function onSettled(listener: (settled: Kept[]) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const lost = new Set<() => void>();

/** Hears that the server took nothing because nobody, or somebody else, is signed in. */
export function onSessionLost(listener: () => void): () => void {
  lost.add(listener);
  return () => lost.delete(listener);
}

/** Seconds before try number `attempt` (0-based): doubling, capped, spread so that a village does not call at once. */
export function backoffS(attempt: number, random = Math.random()): number {
  return Math.min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** attempt) * (0.5 + random);
}

export async function startSync(pseudonym: string): Promise<void> {
  owner = pseudonym;
  await tell("idle");
  kick();
  remember("owner", owner); // the service worker finds it there
}

export async function stopSync(): Promise<void> {
  owner = "";
  clearTimeout(timer);
  await deleteMeta("owner");
}

/** Keeps, then tries to send at once; resolves as soon as it is on the disk. */
export async function keepAllAndSend(entries: Omit<Kept, "state">[]): Promise<Kept[]> {
  const [first] = entries;
  if (first && heldUntilMs > Date.now()) await outbox.releaseHeld(first.owner);
  heldUntilMs = first?.heldUntilMs ?? 0;
  const kept = await outbox.keepAll(entries);
  await tell(sync.get().doing);
  kick();
  return kept;
}

export const keepAndSend = async (entry: Omit<Kept, "state">): Promise<Kept> => (await keepAllAndSend([entry]))[0]!;

/** She takes back what she did last, while it is held; false when it is too late. */
export async function takeBack(done: outbox.Done[]): Promise<boolean> {
  const possible = await outbox.takeBack(done);
  await tell(sync.get().doing);
  return possible;
}

/** Try now (unless the server told us to wait). Never asks `navigator.onLine`: it lies after an offline reload. */
export function kick(): void {
  if (!owner) return;
  clearTimeout(timer);
  if (Date.now() < notBeforeMs) return later((notBeforeMs - Date.now()) / 1000);
  again = running !== null; // what was kept while a run goes on may have come too late for it
  running ??= run()
    .catch(tryLater)
    .finally(() => {
      running = null;
      if (again) kick();
    });
}

/** How long she read how it is done: kept, and sent with what comes next. */
export async function keepReadingAndSend(read: Reading): Promise<void> {
  await keepReading(read);
  kick();
}

const post: Post = (path, body) => api(path, { body });
const whoAmI: WhoAmI = async () => (await api<Me>("/me")).worker?.pseudonym ?? "";

async function run(): Promise<void> {
  const mine = owner;
  if ((await countWaiting(mine)) === 0 && (await readingOf(mine)).length === 0) return tell("idle");
  await tell("sending");
  const { settled, left, retryAfterS, signedOut } = await alone(() => drain(mine, post, whoAmI));
  if (settled.length) for (const listener of listeners) listener(settled);
  if (left === 0) {
    attempt = 0;
    const held = Math.max(0, ...(await outbox.waiting(mine)).map((kept) => heldMs(kept)));
    if (held) later(held / 1000 + 0.05);
    return tell("idle");
  }
  await tell(signedOut ? "signed_out" : "waiting");
  if (signedOut) for (const listener of lost) listener();
  askBackgroundSync();
  attempt = settled.length ? 0 : attempt + 1;
  notBeforeMs = retryAfterS === null ? 0 : Date.now() + retryAfterS * 1000;
  later(retryAfterS ?? backoffS(attempt));
}

/** The phone's own storage failed (disk full, database closed under us): say so and try again, never give up. */
function tryLater(error: unknown): void {
  console.error("outbox", error);
  later(backoffS(++attempt));
}

/** Two tabs must not send the same entry at the same time: harmless, but a waste of her data. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks ? ((await navigator.locks.request(LOCK, work)) as T) : work();
}

function later(delayS: number): void {
  clearTimeout(timer);
  timer = setTimeout(kick, delayS * 1000);
}

async function tell(doing: SyncState["doing"]): Promise<void> {
  const unsent = owner ? await countWaiting(owner) : 0;
  sync.set({ unsent, doing: unsent === 0 ? "idle" : doing });
}

function wake(): void {
  if (document.visibilityState !== "visible") return;
  attempt = 0;
  kick();
}

/** The server answered something else just now: what waits need not wait any longer, whatever the browser believes of the network. */
export function reached(): void {
  if (sync.get().unsent === 0) return;
  attempt = 0;
  kick();
}

export function listenForWakeUps(): void {
  addEventListener("online", wake);
  addEventListener("pageshow", wake);
  document.addEventListener("visibilitychange", wake);
  navigator.serviceWorker?.addEventListener("message", hear);
}

/** The service worker drained while this page was open: what the server said concerns this page as well. */
async function hear(event: MessageEvent<{ settled?: string[] }>): Promise<void> {
  const settled = (await Promise.all((event.data.settled ?? []).map(getKept))).filter((kept) => kept !== undefined);
  if (settled.length) for (const listener of listeners) listener(settled);
  await tell(sync.get().doing);
}

/** A bonus where it exists (Chrome on Android); the timer and the wake-ups are the mechanism. */
function askBackgroundSync(): void {
  type WithSync = ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } };
  navigator.serviceWorker?.ready.then((registration) => (registration as WithSync).sync?.register("drain")).catch((error: unknown) => console.info("background sync is not to be had", error));
}
