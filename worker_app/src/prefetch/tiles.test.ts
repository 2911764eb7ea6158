import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Item, Media } from "@app/app/types";
import { chooseVariant, loadMedia, release } from "./media";
import { fetchTile, fetchTileIndex } from "./tiles";

/** The browser's cache, in the order of what came in. */
let held: Map<string, Response>;
let asked: { url: string; range?: string }[];
let status: number;

beforeEach(() => {
  [held, asked, status] = [new Map(), [], 0];
  const cache = {
    match: async (name: string) => held.get(name)?.clone(),
    put: async (name: string, body: Response) => void held.set(name, body),
    keys: async () => [...held.keys()].map((url) => ({ url })),
    delete: async (name: string | { url: string }) => held.delete(typeof name === "string" ? name : name.url),
  };
  vi.stubGlobal("caches", { open: async () => cache });
  vi.stubGlobal("fetch", async (url: string, { headers = {} }: { headers?: Record<string, string> } = {}) => {
    asked.push({ url, ...(headers.Range && { range: headers.Range }) });
    return new Response(url.endsWith("json") ? "[0, 0.5, 1]" : `{"of":"${url}"}`, { status: status || (headers.Range ? 206 : 200) });
  });
  vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: (blob: Blob) => `blob:${blob.size}`, revokeObjectURL: vi.fn() }));
});

describe("tiles", () => {
  const source = { url: "https://m/x.tiles?sig=1", indexUrl: "https://m/x.index?sig=1" };

  it("are fetched by their range, once", async () => {
    await fetchTileIndex(source);
    await fetchTile(source, 100, 250);
    const again = await fetchTile(source, 100, 250);
    await fetchTileIndex(source);
    expect(asked).toEqual([{ url: source.indexUrl }, { url: source.url, range: "bytes=100-249" }]);
    expect(await again.text()).toContain("x.tiles");
  });

  it("are not taken from a server that sends the whole file instead, nor kept", async () => {
    status = 200;
    await expect(fetchTile(source, 0, 10)).rejects.toThrow("200");
    expect(held.size).toBe(0);
  });

  it("leave the oldest behind when there are many", async () => {
    for (let k = 0; k < 405; k++) held.set(`https://m/old-${k}`, new Response("x"));
    await fetchTile(source, 0, 10);
    expect(held.size).toBe(400);
    expect([held.has("https://m/old-0"), held.has("https://m/old-404")]).toEqual([false, true]);
  });
});

describe("the media of an item", () => {
  const media = {
    kind: "image",
    width_px: 900,
    height_px: 600,
    variants: { 320: { url: "https://m/s", bytes: 10 }, 1280: { url: "https://m/l", bytes: 90 }, tiles: { url: "https://m/t", bytes: 1 }, tiles_index: { url: "https://m/i", bytes: 1 } },
  } as unknown as Media;
  const item = { id: 1, media } as Item;

  it("are a blob of this phone, fetched once, with what is needed to look closer", async () => {
    const loaded = await loadMedia(item, chooseVariant(media, 640, false));
    await loadMedia(item, chooseVariant(media, 640, false));
    expect(asked).toEqual([{ url: "https://m/l" }]);
    expect(loaded).toMatchObject({ kind: "image", widthPx: 900, heightPx: 600, tiles: { url: "https://m/t", indexUrl: "https://m/i" } });
    expect(loaded.url).toMatch(/^blob:/);
    release(loaded);
    expect(URL.revokeObjectURL).toHaveBeenCalledWith(loaded.url);
  });

  it("are smaller where data are dear, and the smallest there is when nothing is small enough", () => {
    expect(chooseVariant(media, 640, true)).toEqual({ mediaUrl: "https://m/s", bytes: 10 });
    expect(chooseVariant(media, 100, true)).toEqual({ mediaUrl: "https://m/s", bytes: 10 });
    expect(chooseVariant(media, 9000, false)).toEqual({ mediaUrl: "https://m/l", bytes: 90 });
  });

  it("of a sound are its loudness, too", async () => {
    const sound = { kind: "audio", duration_ms: 2000, variants: { opus: { url: "https://m/o", bytes: 50 }, peaks: { url: "https://m/p.json", bytes: 5 } } } as unknown as Media;
    const chosen = chooseVariant(sound, 640, true);
    expect(chosen.bytes).toBe(55);
    expect(await loadMedia({ id: 2, media: sound }, chosen)).toMatchObject({ kind: "audio", durationMs: 2000, peaks: [0, 0.5, 1], tiles: undefined });
  });

  it("of a text are none", async () => {
    expect(await loadMedia({ id: 3, text: "x" }, {})).toMatchObject({ kind: null, url: null, peaks: null });
    expect(asked).toEqual([]);
  });

  it("that are gone are said to be gone, and not kept", async () => {
    status = 404;
    await expect(loadMedia(item, chooseVariant(media, 640, false))).rejects.toThrow("404");
    expect(held.size).toBe(0);
  });
});
