/** Pushes to this phone: the browser's permission and its address for them. */
export type PushKeys = { endpoint: string; p256dh: string; auth: string };

export const takesPushes = (): boolean => "PushManager" in globalThis && "Notification" in globalThis && "serviceWorker" in navigator;

export const isForbidden = (): boolean => takesPushes() && Notification.permission === "denied";

/** Whether she has allowed it here, and it is not set up: she has signed in anew, or the browser has a new address. */
export const isMissing = async (): Promise<boolean> => takesPushes() && Notification.permission === "granted" && !(await current());

async function current(): Promise<PushSubscription | null> {
  if (!takesPushes()) return null;
  const registration = await navigator.serviceWorker.getRegistration("/app/");
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/** Asks her, where she has not said yet. null: she said no, or this browser has no server for pushes. */
export async function subscribe(key: string): Promise<PushKeys | null> {
  if ((await Notification.requestPermission()) !== "granted") return null;
  const registration = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: bytesOf(key) };
  const old = await registration.pushManager.getSubscription();
  if (old && !sameKey(old, options.applicationServerKey)) await old.unsubscribe(); // the operator's key is another by now
  try {
    return keysOf(await registration.pushManager.subscribe(options));
  } catch (error) {
    console.info("no push here", error);
    return null;
  }
}

/** Whoever takes this phone next is told nothing of hers. */
export async function unsubscribe(): Promise<void> {
  await (await current())?.unsubscribe();
}

export function keysOf(subscription: PushSubscription): PushKeys {
  const { endpoint, keys } = subscription.toJSON();
  return { endpoint: endpoint!, p256dh: keys!.p256dh!, auth: keys!.auth! };
}

function sameKey(old: PushSubscription, key: Uint8Array): boolean {
  const its = old.options.applicationServerKey;
  return its !== null && String(new Uint8Array(its)) === String(key);
}

export function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (sign) => sign.charCodeAt(0));
}
