import type { Rect, Size } from "@app/geometry/box";
import { toImage, type View } from "@app/geometry/viewport";
import { fetchTile, fetchTileIndex, type Level, type TileIndex, type TileSource } from "@app/prefetch/tiles";

const ENOUGH = 0.8; // pixels of the picture for a pixel of the screen: fewer look blurred
const MAX_HELD = 40; // tiles of a megabyte each, on a phone of two gigabytes
const AT_ONCE = 4;

type Tile = { level: number; column: number; row: number; start: number; end: number };
type Loader = { index(): Promise<TileIndex>; tile(start: number, end: number): Promise<CanvasImageSource> };

const loaderOf = (source: TileSource): Loader => ({
  index: () => fetchTileIndex(source),
  tile: async (start, end) => createImageBitmap(await fetchTile(source, start, end)),
});

/**
 * What the picture on this phone is too small to show, painted over it from tiles: those in sight, as sharp as the screen can show them.
 * What is not here yet is fetched; `onCame` says that there is more to paint. Without a network the smaller picture stands.
 */
export class Sharper {
  /** Another number whenever it would paint something else. */
  version = 0;
  private index: TileIndex | null = null;
  private held = new Map<string, CanvasImageSource>(); // the latest used last
  private wanted: Tile[] = [];
  private coming = new Set<string>();
  private failed = new Set<string>();
  private closed = false;

  constructor(
    source: TileSource,
    private readonly image: Size,
    private readonly onCame: () => void,
    private readonly load: Loader = loaderOf(source),
  ) {
    addEventListener("online", this.tryAgain);
  }

  /**
   * Over what `frame` shows; `shownPx`: how wide the picture is that was painted there already. "held": nothing is fetched, for what moves with
   * a finger would cost data that nobody chose to spend.
   */
  paint(pen: CanvasRenderingContext2D, view: View, frame: Rect, shownPx: number, tiles: "held" | "all" = "all"): void {
    const device = pen.getTransform().a || 1;
    const wish = view.scale * device * ENOUGH;
    this.wanted = [];
    if (shownPx / this.image.width >= wish) return;
    if (!this.index) return tiles === "all" ? this.begin() : undefined;
    const level = levelFor(this.index, this.image, wish);
    for (const tile of tilesWithin(this.index, level, this.image, view, frame)) this.place(pen, view, device, tile);
    if (tiles === "all") this.fetchNext();
  }

  close(): void {
    this.closed = true;
    removeEventListener("online", this.tryAgain);
    for (const tile of this.held.values()) if ("close" in tile) tile.close();
    this.held.clear();
  }

  private tryAgain = (): void => {
    this.failed.clear();
    this.changed();
  };

  private begin(): void {
    if (this.coming.has("index") || this.failed.has("index")) return;
    this.coming.add("index");
    this.load.index().then(
      (index) => {
        this.index = index;
        this.coming.delete("index");
        this.changed();
      },
      () => this.missed("index"),
    );
  }

  private place(pen: CanvasRenderingContext2D, view: View, device: number, tile: Tile): void {
    const key = keyOf(tile);
    const picture = this.held.get(key);
    if (!picture) return void this.wanted.push(tile);
    this.held.delete(key);
    this.held.set(key, picture);
    const level = this.index!.levels[tile.level]!;
    const { x, y, width, height } = onScreen(placeOf(this.index!, level, tile, this.image), view, device);
    pen.drawImage(picture, x, y, width, height);
  }

  private fetchNext(): void {
    for (const tile of this.wanted) {
      const key = keyOf(tile);
      if (this.coming.size >= AT_ONCE) return;
      if (this.coming.has(key) || this.failed.has(key)) continue;
      this.coming.add(key);
      this.load.tile(tile.start, tile.end).then(
        (picture) => this.keep(key, picture),
        () => this.missed(key),
      );
    }
  }

  private keep(key: string, picture: CanvasImageSource): void {
    this.coming.delete(key);
    if (this.closed) return "close" in picture ? picture.close() : undefined;
    this.held.set(key, picture);
    const [oldest] = this.held;
    if (this.held.size > MAX_HELD && oldest) {
      this.held.delete(oldest[0]);
      if ("close" in oldest[1]) oldest[1].close();
    }
    this.changed();
  }

  /** Not to be had now, most often for want of a network: asked for again when it is back. */
  private missed(key: string): void {
    this.coming.delete(key);
    this.failed.add(key);
    this.fetchNext();
  }

  private changed(): void {
    this.version++;
    if (!this.closed) this.onCame();
  }
}

const keyOf = ({ level, column, row }: Tile): string => `${level}/${column}/${row}`;

/** How many pixels of the original a pixel of a level stands for: a power of two, whatever the last column rounds to. */
const factorOf = (level: Level, image: Size): number => 2 ** Math.round(Math.log2(image.width / level.width));

/** The smallest level that is sharp enough, or else the sharpest. */
export function levelFor(index: TileIndex, image: Size, wish: number): number {
  for (let k = index.levels.length - 1; k > 0; k--) if (1 / factorOf(index.levels[k]!, image) >= wish) return k;
  return 0;
}

/** The tiles of a level of which `frame`, in screen units, shows something. */
export function tilesWithin(index: TileIndex, number: number, image: Size, view: View, frame: Rect): Tile[] {
  const level = index.levels[number]!;
  const step = index.tile_px * factorOf(level, image);
  const columns = Math.ceil(level.width / index.tile_px);
  const rows = Math.ceil(level.height / index.tile_px);
  const from = toImage(view, frame);
  const to = toImage(view, { x: frame.x + frame.width, y: frame.y + frame.height });
  const starts = startsOf(index, number);
  const tiles: Tile[] = [];
  for (let row = Math.max(0, Math.floor(from.y / step)); row < Math.min(rows, to.y / step); row++)
    for (let column = Math.max(0, Math.floor(from.x / step)); column < Math.min(columns, to.x / step); column++) {
      const place = row * columns + column;
      tiles.push({ level: number, column, row, start: starts[place]!, end: starts[place]! + level.bytes[place]! });
    }
  return tiles;
}

function startsOf(index: TileIndex, number: number): number[] {
  let at = index.levels.slice(0, number).reduce((sum, { bytes }) => sum + bytes.reduce((a, b) => a + b, 0), 0);
  return index.levels[number]!.bytes.map((size) => (at += size) - size);
}

/** Where a tile lies in the original. */
function placeOf(index: TileIndex, level: Level, tile: Tile, image: Size): Rect {
  const factor = factorOf(level, image);
  const [left, top] = [tile.column * index.tile_px, tile.row * index.tile_px];
  const width = Math.min(index.tile_px, level.width - left) * factor;
  const height = Math.min(index.tile_px, level.height - top) * factor;
  return { x: left * factor, y: top * factor, width, height };
}

/** On whole pixels of the device, so that no seam shows between tiles. */
function onScreen(rect: Rect, view: View, device: number): Rect {
  const snap = (at: number) => Math.round(at * device) / device;
  const [x, y] = [snap(rect.x * view.scale + view.x), snap(rect.y * view.scale + view.y)];
  const [right, bottom] = [snap((rect.x + rect.width) * view.scale + view.x), snap((rect.y + rect.height) * view.scale + view.y)];
  return { x, y, width: right - x, height: bottom - y };
}
