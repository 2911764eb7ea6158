import { createStore } from "./store";

/** The worker of a newer version that waits until she says yes; null when this is the newest. */
export const update = createStore<ServiceWorker | null>(null);

type InstallPrompt = Event & { prompt(): Promise<void> };
export const installPrompt = createStore<InstallPrompt | null>(null);

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  installPrompt.set(event as InstallPrompt);
});

export function registerServiceWorker(): void {
  if (!("serviceWorker" in navigator) || import.meta.env.DEV) return;
  navigator.serviceWorker.register("/app/sw.js", { scope: "/app/" }).then(
    (registration) => registration && watch(registration),
    (error: unknown) => console.warn("no service worker", error),
  );
}

function watch(registration: ServiceWorkerRegistration): void {
  const look = () => {
    if (registration.waiting && navigator.serviceWorker.controller) update.set(registration.waiting);
  };
  look();
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
}

/**
 * Before she signs in, the words that the page has just fetched (afterwards her cookie is another, and the browser would fetch them
 * anew); once she works here, all that she may need without network, in her language: then `html[data-kept]`.
 */
export async function keepForOffline(language: string, works: boolean): Promise<void> {
  if (!("serviceWorker" in navigator) || import.meta.env.DEV) return;
  const { active } = await navigator.serviceWorker.ready;
  active?.postMessage(works ? { keep: language } : { hold: language });
}

navigator.serviceWorker?.addEventListener("message", (event) => {
  if (event.data?.go) location.hash = event.data.go; // she tapped a notice
  if (event.data === "kept") document.documentElement.dataset.kept = "all";
});

export function takeUpdate(): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
  update.get()?.postMessage("take over");
}
