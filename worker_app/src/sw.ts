/// <reference lib="webworker" />
import { api, readCsrfFrom } from "@app/app/api";
import type { Me } from "@app/app/types";
import { getMeta } from "@app/outbox/db";
import { drain } from "@app/outbox/outbox";

declare const self: ServiceWorkerGlobalScope;
/** Filled in by vite.config.ts: a hash over the contents of the built files, and their addresses. */
declare const __VERSION__: string;
declare const __PRECACHE__: string[];
/** Of these, what the first screen is made of. */
declare const __FIRST__: string[];

const ALL = __PRECACHE__;
const CACHE = `ilima-app-${__VERSION__}`;
const SHELL = "/app/";

/**
 * At the first visit only what the page has fetched a moment ago, out of the browser's own cache: nothing crosses the network twice. The
 * rest comes once she works here ("keep"), and the files of a task type with the first task of it, before any is taken along. A newer
 * version is fetched with all that she has of this one before it takes over: afterwards the old files are gone.
 */
self.addEventListener("install", (event) => {
  event.waitUntil(self.registration.active ? keep([]) : keepAll(__FIRST__));
});

async function addressesHere(): Promise<string[]> {
  const names = await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map((one) => one.url)));
  return names.flat();
}

/** As file names have it: zh_Hant. */
const inFileNames = (language: string): string => language.replaceAll("-", "_");
const languageOf = (url: string): string | undefined => /locale-(\w+)-\w+-/.exec(url)?.[1];
const TYPES = new Set(ALL.flatMap((url) => /\/type-(\w+)-/.exec(url)?.[1] ?? []));

function typeOf(url: string): string | undefined {
  const name = /\/(?:type|of|locale-\w+)-(\w+)-/.exec(url)?.[1];
  return name && TYPES.has(name) ? name : undefined;
}

/** Everything but languages that nobody reads and task types that nobody has done on this phone. */
async function keep(languages: string[]): Promise<void> {
  const here = await addressesHere();
  const read = new Set([...languages.map(inFileNames), ...here.map(languageOf)]);
  const done = new Set(here.map(typeOf));
  const isOf = (set: Set<string | undefined>, name: string | undefined) => name === undefined || set.has(name);
  await keepAll(ALL.filter((url) => isOf(read, languageOf(url)) && isOf(done, typeOf(url))));
}

async function keepAll(urls: string[]): Promise<void> {
  const cache = await caches.open(CACHE);
  const held = new Set((await cache.keys()).map((one) => new URL(one.url).pathname));
  await cache.addAll(urls.filter((url) => !held.has(url)));
}

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOldVersions().then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") void self.skipWaiting();
  if (event.data?.hold) event.waitUntil(keepAll(ALL.filter((url) => url.includes(`locale-${inFileNames(event.data.hold)}-first-`))));
  if (event.data?.keep) event.waitUntil(keep([event.data.keep]).then(() => event.source?.postMessage("kept")));
});

async function dropOldVersions(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith("ilima-app-") && name !== CACHE) await caches.delete(name);
}

/** Only the app's own files: the API, sign-in and media never pass through here. */
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin || !url.pathname.startsWith(SHELL)) return;
  event.respondWith(fromCache(event.request.mode === "navigate" ? SHELL : url.pathname, event.request));
});

async function fromCache(key: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const cached = await cache.match(key, { ignoreVary: true });
  if (cached) return cached;
  const fresh = await fetch(request);
  if (fresh.ok && ALL.includes(key)) await cache.put(key, fresh.clone());
  return fresh;
}

type SyncEvent = ExtendableEvent & { tag: string };
self.addEventListener("sync", (event) => {
  if ((event as SyncEvent).tag === "drain") (event as SyncEvent).waitUntil(drainInBackground());
});

/** The browser has network again and the app may be closed. Throws while something is left: then the browser tries again. */
async function drainInBackground(): Promise<void> {
  const owner = await getMeta<string>("owner");
  const csrf = await getMeta<string>("csrf");
  if (!owner || !csrf) return;
  readCsrfFrom(() => csrf);
  const send = () =>
    drain(
      owner,
      (path, body) => api(path, { body }),
      async () => (await api<Me>("/me")).worker?.pseudonym ?? "",
    );
  const { settled, left, signedOut } = await self.navigator.locks.request("ilima-drain", send);
  for (const page of await self.clients.matchAll()) page.postMessage({ settled: settled.map((kept) => kept.id) });
  if (left > 0 && !signedOut) throw new Error(`${left} answers wait on this phone`);
}

type Pushed = { text: string; open: string; stop: { label: string; url: string } };

/** A notice that she chose (docs/decisions/notices.md). What it says is read on a locked screen. */
self.addEventListener("push", (event) => {
  const pushed = event.data?.json() as Pushed | undefined;
  if (pushed) event.waitUntil(show(pushed));
});

async function show(pushed: Pushed): Promise<void> {
  const actions = [{ action: "stop", title: pushed.stop.label }];
  const options = { body: pushed.text, data: pushed, tag: "notice", icon: `${SHELL}icons/icon-192.png`, actions };
  await self.registration.showNotification("Ilima", options as NotificationOptions);
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const pushed = event.notification.data as Pushed;
  event.waitUntil(event.action === "stop" ? stopNotices(pushed) : open(pushed));
});

/** One tap, signed in or not. The address is ours: a mailbox opens the same one. */
async function stopNotices({ stop }: Pushed): Promise<void> {
  await fetch(new URL(stop.url).pathname, { method: "POST", credentials: "omit" });
  await (await self.registration.pushManager.getSubscription())?.unsubscribe();
}

/** In the window that is open already, or else in a new one. */
async function open({ open: address }: Pushed): Promise<void> {
  const place = new URL(address).hash;
  const [page] = await self.clients.matchAll({ type: "window" });
  if (!page) return void (await self.clients.openWindow(SHELL + place));
  page.postMessage({ go: place });
  await page.focus();
}
