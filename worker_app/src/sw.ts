/// <reference lib="webworker" />
import { api, readCsrfFrom } from "@app/app/api";
import type { Me } from "@app/app/types";
import { getMeta } from "@app/outbox/db";
import { drain } from "@app/outbox/outbox";

declare const self: ServiceWorkerGlobalScope;
/** Filled in by vite.config.ts: a hash over the contents of the built files, and their addresses. */
declare const __VERSION__: string;
declare const __PRECACHE__: string[];

const CACHE = `ilima-app-${__VERSION__}`;
const SHELL = "/app/";

self.addEventListener("install", (event) => {
  const fresh = __PRECACHE__.map((url) => new Request(url, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOldVersions().then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") void self.skipWaiting();
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
  const cached = await (await caches.open(CACHE)).match(key, { ignoreVary: true });
  return cached ?? fetch(request);
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
  const send = () => drain(owner, (path, body) => api(path, { body }), async () => (await api<Me>("/me")).worker?.pseudonym ?? "");
  const { settled, left, signedOut } = await self.navigator.locks.request("ilima-drain", send);
  for (const page of await self.clients.matchAll()) page.postMessage({ settled: settled.map((kept) => kept.id) });
  if (left > 0 && !signedOut) throw new Error(`${left} answers wait on this phone`);
}
