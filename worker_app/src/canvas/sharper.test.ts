import { beforeEach, expect, it, vi } from "vitest";
import type { TileIndex } from "@app/prefetch/tiles";
import { levelFor, Sharper, tilesWithin } from "./sharper";

const IMAGE = { width: 3600, height: 1801 };
/** Every tile has a size of its own, so that a wrong place is a wrong range. */
const sizes = (n: number, from: number) => Array.from({ length: n }, (_, k) => from + k);
const INDEX: TileIndex = {
  tile_px: 512,
  levels: [
    { width: 3600, height: 1801, bytes: sizes(8 * 4, 1000) },
    { width: 1800, height: 901, bytes: sizes(4 * 2, 100) },
  ],
};
const SCREEN = { x: 0, y: 0, width: 360, height: 640 };
const total = (bytes: number[]) => bytes.reduce((a, b) => a + b, 0);

let drawn: number[][];
let asked: [number, number][];
let came: (() => void)[];
let painted: number;
let network: boolean;
const pen = (device: number) => ({ getTransform: () => ({ a: device }), drawImage: (_: unknown, ...at: number[]) => drawn.push(at) }) as unknown as CanvasRenderingContext2D;

function sharper(): Sharper {
  const tile = (start: number, end: number) => {
    asked.push([start, end]);
    return network ? new Promise<CanvasImageSource>((go) => came.push(() => go({} as CanvasImageSource))) : Promise.reject(new Error("no network"));
  };
  return new Sharper({ url: "", indexUrl: "" }, IMAGE, () => painted++, { index: () => Promise.resolve(INDEX), tile });
}

beforeEach(() => {
  vi.stubGlobal("addEventListener", (_: string, again: () => void) => (backOnline = again));
  vi.stubGlobal("removeEventListener", () => undefined);
  [drawn, asked, came, painted, network] = [[], [], [], 0, true];
});
let backOnline = () => {};

it("fetches nothing while the picture at hand is sharp enough", () => {
  sharper().paint(pen(2), { scale: 0.1, x: 0, y: 0 }, SCREEN, 1280);
  expect([asked, painted]).toEqual([[], 0]);
});

it("takes the smallest level that the screen can use", () => {
  expect(levelFor(INDEX, IMAGE, 0.5)).toBe(1);
  expect(levelFor(INDEX, IMAGE, 0.51)).toBe(0);
  expect(levelFor(INDEX, IMAGE, 9)).toBe(0);
});

it("names the ranges of the tiles in sight, and no others", () => {
  const tiles = tilesWithin(INDEX, 1, IMAGE, { scale: 1, x: -1100, y: 0 }, SCREEN); // image x from 1100 to 1460, y to 640
  expect(tiles.map(({ column, row }) => [column, row])).toEqual([[1, 0]]);
  const start = total(INDEX.levels[0]!.bytes) + 100;
  expect(tiles[0]).toMatchObject({ start, end: start + 101 });
  const edge = tilesWithin(INDEX, 0, IMAGE, { scale: 1, x: -3300, y: -1500 }, SCREEN);
  expect(edge.map(({ column, row }) => [column, row])).toEqual([
    [6, 2],
    [7, 2],
    [6, 3],
    [7, 3],
  ]);
  expect(edge.at(-1)!.end).toBe(total(INDEX.levels[0]!.bytes));
});

it("fetches four at once, paints what came where it belongs, and leaves no seam", async () => {
  const made = sharper();
  const view = { scale: 1, x: -100.3, y: -200.7 };
  const look = () => made.paint(pen(2), view, SCREEN, 1280);
  look();
  await vi.waitFor(() => expect(painted).toBe(1)); // the index
  look();
  const inSight = tilesWithin(INDEX, 0, IMAGE, view, SCREEN).length;
  expect(asked.length).toBe(Math.min(4, inSight));
  came.forEach((arrive) => arrive());
  await vi.waitFor(() => expect(painted).toBe(1 + Math.min(4, inSight)));
  drawn = [];
  look();
  expect(drawn.length).toBe(Math.min(4, inSight));
  const [first, second] = drawn as [number[], number[]];
  for (const edge of [...first, ...second]) expect(edge * 2).toBe(Math.round(edge * 2)); // whole pixels of a screen of two
  expect(made.version).toBe(painted);
});

it("stands by the smaller picture without network, and asks again when it is back", async () => {
  network = false;
  const made = sharper();
  const look = () => made.paint(pen(1), { scale: 1, x: 0, y: 0 }, SCREEN, 1280);
  look();
  await vi.waitFor(() => expect(painted).toBe(1));
  look();
  const once = asked.length;
  await new Promise((go) => setTimeout(go));
  look();
  expect(asked.length).toBe(once); // not again and again
  network = true;
  backOnline();
  look();
  expect(asked.length).toBeGreaterThan(once);
});
