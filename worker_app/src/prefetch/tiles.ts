/** Parts of a large picture, fetched by their range when she looks closely, and kept: the second look costs nothing. */
export type TileSource = { url: string; indexUrl: string };
export type Level = { width: number; height: number; bytes: number[] };
/** The sharpest level first; its tiles row by row, one after another in the file (the server's intake/decoders/tiles.py). */
export type TileIndex = { tile_px: number; levels: Level[] };

const CACHE = "ilima-tiles-v1";
const MAX_KEPT = 400; // about 16 MB; the oldest go first

export async function fetchTileIndex({ indexUrl }: TileSource): Promise<TileIndex> {
  return (await (await kept(indexUrl, indexUrl, {})).json()) as TileIndex;
}

/** The bytes from `start` up to, and without, `end`. */
export async function fetchTile({ url }: TileSource, start: number, end: number): Promise<Blob> {
  const range = `${start}-${end - 1}`;
  return (await kept(`${url}&part=${range}`, url, { Range: `bytes=${range}` })).blob();
}

/** From the cache, or fetched and kept under `name`; a part is kept as a whole, for a cache takes no parts. */
async function kept(name: string, url: string, headers: Record<string, string>): Promise<Response> {
  const cache = await caches.open(CACHE);
  const held = await cache.match(name);
  if (held) return held;
  const reply = await fetch(url, { mode: "cors", credentials: "omit", headers });
  if (reply.status !== (headers.Range ? 206 : 200)) throw new Error(`the picture could not be fetched (${reply.status})`);
  const body = await reply.blob();
  await cache.put(name, new Response(body));
  await trim(cache);
  return new Response(body);
}

async function trim(cache: Cache): Promise<void> {
  const names = await cache.keys();
  await Promise.all(names.slice(0, Math.max(0, names.length - MAX_KEPT)).map((name) => cache.delete(name)));
}
