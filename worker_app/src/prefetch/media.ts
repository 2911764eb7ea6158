import { countFetched } from "@app/app/data_cost";
import { serverNowMs } from "@app/app/clock";
import type { Item, Media } from "@app/app/types";
import type { LoadedMedia } from "@app/app/widget";
import type { Addresses, Chosen } from "@app/outbox/db";
import type { TileSource } from "./tiles";

/** Media of leased items, kept for work without network. Answers never lie here: they are in the outbox. */
const CACHE = "ilima-media-v1";

/** The variant for this phone: wide enough for the screen, one size smaller when data are dear. */
export function chooseVariant(media: Media, wantPx: number, saver: boolean): Chosen {
  if (media.kind === "audio") {
    const { opus, peaks } = media.variants;
    return { mediaUrl: opus?.url, peaksUrl: peaks?.url, bytes: (opus?.bytes ?? 0) + (peaks?.bytes ?? 0) };
  }
  if (media.kind === "video") {
    const { "240": small, video, strip, peaks } = media.variants;
    const clip = small ?? video; // of a clip from before there was a small one
    return { mediaUrl: clip?.url, peaksUrl: peaks?.url, stripUrl: strip?.url, bytes: (clip?.bytes ?? 0) + (peaks?.bytes ?? 0) + (strip?.bytes ?? 0) };
  }
  const sizes = Object.keys(media.variants)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
  const fitting = sizes.findIndex((size) => size >= wantPx);
  const at = Math.max(0, (fitting < 0 ? sizes.length - 1 : fitting) - (saver ? 1 : 0));
  const variant = media.variants[String(sizes[at])];
  return { mediaUrl: variant?.url, bytes: variant?.bytes ?? 0 };
}

/** With it what helps to answer: small files, all of them. */
function withAids(media: Media, chosen: Chosen): Chosen {
  const aids = Object.entries(media.aids ?? {});
  if (!aids.length) return chosen;
  const bytes = aids.reduce((sum, [, aid]) => sum + (aid.bytes ?? 0), chosen.bytes);
  return { ...chosen, bytes, aidUrls: Object.fromEntries(aids.map(([name, { url }]) => [name, url])) };
}

/** What this phone fetches of an item: its own file, and that of each part. */
export type ChosenFor = Addresses & { bytes?: number; parts?: Record<string, Chosen> };

export function chooseFor(item: Item, wantPx: number, saver: boolean): ChosenFor {
  const own = item.media ? withAids(item.media, chooseVariant(item.media, wantPx, saver)) : {};
  const files = (item.parts ?? []).flatMap(({ id, media }) => (media ? [[id, chooseVariant(media, wantPx, saver)] as const] : []));
  return { ...own, ...(files.length && { parts: Object.fromEntries(files) }) };
}

/** The addresses of all of it, in the order in which it is fetched. */
export const urlsChosen = ({ parts = {}, ...own }: ChosenFor): string[] =>
  [own, ...Object.values(parts)].flatMap(({ mediaUrl, peaksUrl, stripUrl, aidUrls }: Addresses) => [mediaUrl, peaksUrl, stripUrl, ...Object.values(aidUrls ?? {})]).flatMap((url) => url ?? []);

/** The file is not there, however good the network is: it was taken away, or cannot be read. */
export class Gone extends Error {}

/** An address is good until the second that it names (`e`); past that, a 404 says nothing of the file. */
export function isGone(status: number, url: string, nowMs = serverNowMs()): boolean {
  const ends = Number(new URL(url, "http://here").searchParams.get("e") ?? Infinity);
  return (status === 404 || status === 410) && ends * 1000 > nowMs;
}

/** From the cache, or fetched and kept there. */
export async function fetchToCache(url: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  const held = await cache.match(url);
  if (held) return held;
  const response = await fetch(url, { mode: "cors", credentials: "omit" });
  if (isGone(response.status, url)) throw new Gone(`the picture or sound is gone (${response.status})`);
  if (!response.ok) throw new Error(`the picture or sound could not be fetched (${response.status})`);
  await cache.put(url, response.clone());
  void count(response.clone());
  return response;
}

/** Whether it can be counted or not, the picture is there. */
async function count(response: Response): Promise<void> {
  const told = Number(response.headers.get("Content-Length"));
  await countFetched(told || (await response.blob()).size).catch((error: unknown) => console.info("data that were not counted", error));
}

export async function forget(urls: (string | undefined)[]): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const url of urls) if (url) await cache.delete(url);
}

export async function heldUrls(): Promise<string[]> {
  return (await (await caches.open(CACHE)).keys()).map((request) => request.url);
}

/** Media as blobs, from the cache or fetched now; throws when neither is to be had. */
export async function loadMedia(item: Item, chosen: ChosenFor): Promise<LoadedMedia> {
  const own = await loadFile(item.media, chosen);
  if (!chosen.parts) return own;
  const parts: Record<string, LoadedMedia> = {};
  try {
    for (const { id, media } of item.parts ?? []) if (chosen.parts[id]) parts[id] = await loadFile(media, chosen.parts[id]);
  } catch (error) {
    release({ ...own, parts });
    throw error;
  }
  return { ...own, parts };
}

async function loadFile(media: Media | undefined, chosen: Addresses): Promise<LoadedMedia> {
  const url = chosen.mediaUrl ? await blobUrl(chosen.mediaUrl) : null;
  const stripUrl = chosen.stripUrl && (await blobUrl(chosen.stripUrl));
  const aids = await Promise.all(Object.entries(chosen.aidUrls ?? {}).map(async ([name, url]) => [name, await blobOf(url)] as const));
  const heard: unknown = chosen.peaksUrl ? await (await fetchToCache(chosen.peaksUrl)).json() : null;
  return {
    kind: media?.kind ?? null,
    url,
    widthPx: media?.width_px ?? 0,
    heightPx: media?.height_px ?? 0,
    durationMs: media?.duration_ms ?? 0,
    peaks: readPeaks(heard),
    activity: readActivity(heard),
    frames: media?.variants["240"]?.frames,
    strip: stripUrl ? { url: stripUrl, ...readStrip(heard) } : undefined,
    tiles: tilesOf(media),
    aids: Object.fromEntries(aids),
    widestUrl: widestOf(media, chosen.mediaUrl),
  };
}

function widestOf(media: Media | undefined, hereUrl: string | undefined): string | undefined {
  const url = media?.kind === "image" ? chooseVariant(media, Infinity, false).mediaUrl : undefined;
  return url === hereUrl ? undefined : url;
}

const blobOf = async (url: string): Promise<Blob> => (await fetchToCache(url)).blob();
const blobUrl = async (url: string): Promise<string> => URL.createObjectURL(await blobOf(url));

/** How the film strip is cut: picture k is that of the moment k * stepMs. */
function readStrip(json: unknown): { stepMs: number; count: number } {
  const { step_ms: stepMs = 1000, count = 1 } = (json as { strip?: { step_ms?: number; count?: number } } | null)?.strip ?? {};
  return { stepMs, count };
}

function tilesOf(media: Media | undefined): TileSource | undefined {
  const { tiles, tiles_index: index } = media?.variants ?? {};
  return tiles && index && { url: tiles.url, indexUrl: index.url };
}

/** Peaks as the server writes them: a list, or an object that holds one, of loudness in any unit; brought to 0..1. */
export function readPeaks(json: unknown): number[] | null {
  const list = Array.isArray(json) ? json : (json as { peaks?: unknown } | null)?.peaks;
  if (!Array.isArray(list) || !list.length) return null;
  const loud = list.map((peak) => Math.abs(Array.isArray(peak) ? Math.max(...peak.map(Number).map(Math.abs)) : Number(peak)));
  const most = Math.max(...loud) || 1;
  return loud.map((peak) => peak / most);
}

/** Where something is heard, as the server writes it beside the peaks; of a sound from before it did, nowhere. */
export function readActivity(json: unknown): [number, number][] {
  const list = (json as { activity?: unknown } | null)?.activity;
  return Array.isArray(list) ? list.filter((one): one is [number, number] => Array.isArray(one) && one.length === 2 && one.every(Number.isFinite)) : [];
}

export function release(media: LoadedMedia | null): void {
  for (const url of [media?.url, media?.strip?.url]) if (url) URL.revokeObjectURL(url);
  for (const part of Object.values(media?.parts ?? {})) release(part);
}
