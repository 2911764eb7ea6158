import { api, ApiError, call, failureOf } from "./api";
import { recallServerClock, type Seen } from "./clock";
import { csrfCookie } from "./cookies";
import { batches, moreOffers } from "./offers";
import { askSpeakers } from "./speakers";
import { unsubscribe } from "./push";
import { createStore } from "./store";
import type { Batch, Me } from "./types";
import { setLanguage } from "@app/i18n";
import { showMoneyBy } from "@app/i18n/format";
import { db, deleteMeta, getMeta, remember, setMeta } from "@app/outbox/db";
import { onSessionLost, onSettled, reached, startSync, stopSync } from "@app/outbox/sync";

export type Session = { phase: "starting" | "welcome" | "signed_out" | "ready"; me: Me | null; reached: boolean };
export const session = createStore<Session>({ phase: "starting", me: null, reached: false });
export const dataSaver = createStore(false);
/** Whether a tap on an answer is the answer. */
export const oneTap = createStore(false);

export const owner = (): string => session.get().me?.worker?.pseudonym ?? "";

/** Opens with what the phone remembers (so that it works without network), then asks the server. */
export async function start(): Promise<void> {
  dataSaver.set((await getMeta<boolean>("data_saver")) ?? false);
  oneTap.set((await getMeta<boolean>("one_tap")) ?? false);
  recallServerClock(await getMeta<Seen>("clock"));
  batches.set((await getMeta<Batch[]>("batches")) ?? null);
  const remembered = await getMeta<Me>("me");
  if (remembered) await enter(remembered, false);
  else session.set({ phase: (await getMeta("language")) ? "signed_out" : "welcome", me: null, reached: false });
  await refreshMe();
}

async function enter(me: Me, reached: boolean): Promise<void> {
  keepCsrf();
  showMoneyOf(me);
  session.set({ phase: "ready", me, reached });
  if (me.worker) await startSync(me.worker.pseudonym);
}

const showMoneyOf = ({ worker }: Me): void => showMoneyBy(worker?.local, worker?.currency ?? "");

let asked = 0;

/**
 * Asks who is signed in. No network: she goes on with what is remembered. Signed out: answers stay on the phone.
 * Only the newest question counts: a slow "nobody" from before the sign-in must not sign her out, nor a slow "she" sign her in again.
 */
export async function refreshMe(): Promise<void> {
  const mine = ++asked;
  try {
    const me = await api<Me>("/me");
    if (mine !== asked) return;
    const entering = session.get().phase !== "ready" || owner() !== (me.worker?.pseudonym ?? "");
    if (entering) await enter(me, true);
    else {
      showMoneyOf(me);
      session.set({ phase: "ready", me, reached: true });
      reached();
    }
    remember("me", me);
  } catch (error) {
    const failure = failureOf(error);
    if (mine !== asked) return;
    if (failure.signedOut) await leave();
    else session.set((now) => ({ ...now, reached: false }));
  }
}

/** Signed out by the server or by her: her unsent answers wait under her name until she signs in again. */
async function leave(): Promise<void> {
  asked++;
  await Promise.all([stopSync(), deleteMeta("me"), deleteMeta("batches"), deleteMeta("offers")]);
  batches.set(null);
  moreOffers.set(null);
  session.set((now) => ({ phase: now.phase === "welcome" ? "welcome" : "signed_out", me: null, reached: true }));
}

export async function signOut(): Promise<void> {
  try {
    await call("/_allauth/browser/v1/auth/session", { method: "DELETE" });
  } catch (error) {
    if (!failureOf(error).signedOut) throw error; // allauth answers 401 when she is out: that is success
  }
  const hers = owner();
  await unsubscribe().catch(console.info); // she is out, whatever the browser says of its pushes
  await leave();
  await forget(hers);
}

/** She has left, and the phone may be another's: tasks that she held come back with her next sign-in. Unsent answers stay hers. */
async function forget(hers: string): Promise<void> {
  const writing = (await db()).transaction(["pack", "meta"], "readwrite");
  const pack = writing.objectStore("pack");
  for (const lease of await pack.getAll()) if (lease.owner === hers) await pack.delete(lease.lease);
  await Promise.all([...[`held:${hers}`, "csrf", "owner", "stretch", "stretch_covered"].map((key) => writing.objectStore("meta").delete(key)), writing.done]);
}

export async function chooseLanguage(language: string): Promise<void> {
  await setLanguage(language);
  void askSpeakers(language);
  await setMeta("language", language);
  if (session.get().phase === "welcome") session.set((now) => ({ ...now, phase: "signed_out" }));
  if (session.get().phase === "ready") await api("/me", { method: "PATCH", body: { language } }).catch(ignoreOffline);
}

export async function setDataSaver(on: boolean): Promise<void> {
  dataSaver.set(on);
  await setMeta("data_saver", on);
}

export async function setOneTap(on: boolean): Promise<void> {
  oneTap.set(on);
  await setMeta("one_tap", on);
}

/** A nicety that may wait for the next time; anything but a missing network is a fault and is told. */
export function ignoreOffline(error: unknown): void {
  if (!(error instanceof ApiError && error.mayPass)) throw error;
}

/** The service worker cannot read cookies: it finds the token here when it drains in the background. */
function keepCsrf(): void {
  remember("csrf", csrfCookie());
}

let refreshing: ReturnType<typeof setTimeout> | undefined;
onSettled(() => {
  clearTimeout(refreshing);
  refreshing = setTimeout(() => void refreshMe(), 1200);
});

/** A session that ended while she worked: the sign-in screen says that her answers are safe, and that they are sent once she is in. */
onSessionLost(() => void refreshMe());
