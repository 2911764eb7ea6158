import { clamp, distance, type Point, type Size } from "@app/geometry/box";
import type { Mask } from "./answer";
import { gridOf } from "./grid";
import { fill, textOfCells } from "./runs";

export const NONE = 0;

/** Cells of a grid over the picture, column by column, each with the number of its label (its place among the labels, from 1 on) or none. */
export class Painting {
  readonly grid: Size;
  readonly cells: Uint8Array;

  constructor(
    readonly image: Size,
    private readonly labels: string[],
    /** Cells of these columns have changed. */
    private readonly changed: (from: number, to: number) => void,
  ) {
    this.grid = gridOf(image);
    this.cells = new Uint8Array(this.grid.width * this.grid.height);
  }

  numberOf(label: string): number {
    return this.labels.indexOf(label) + 1;
  }

  load(masks: Mask[]): void {
    this.cells.fill(NONE);
    for (const { label, counts } of masks) fill(this.cells, counts, this.numberOf(label));
    this.changed(0, this.grid.width - 1);
  }

  /** The canonical form: masks in the order of their labels' ids. */
  get masks(): Mask[] {
    const { width, height } = this.grid;
    const known = new Set(this.cells);
    const there = this.labels.filter((label) => known.has(this.numberOf(label))).sort((a, b) => (a < b ? -1 : 1));
    return there.map((label) => ({ label, size: [height, width], counts: textOfCells(this.cells, this.numberOf(label)) }));
  }

  count(label: string, cells: Iterable<number> = this.cells.keys()): number {
    const mine = this.numberOf(label);
    let found = 0;
    for (const cell of cells) if (this.cells[cell] === mine) found++;
    return found;
  }

  cellAt({ x, y }: Point): number {
    const { width, height } = this.grid;
    const column = clamp(Math.floor((x * width) / this.image.width), 0, width - 1);
    return column * height + clamp(Math.floor((y * height) / this.image.height), 0, height - 1);
  }

  /** The left upper corner of a cell, in pixels of the picture. */
  pointOf(cell: number): Point {
    const { width, height } = this.grid;
    return { x: (Math.floor(cell / height) * this.image.width) / width, y: ((cell % height) * this.image.height) / height };
  }

  /** Adding makes them the label's; taking away frees those that are. How many cells it changed. */
  paint(cells: Iterable<number>, label: string, adds: boolean): number {
    const mine = this.numberOf(label);
    const becomes = adds ? mine : NONE;
    let [changed, from, to] = [0, Infinity, -1];
    for (const cell of cells) {
      const was = this.cells[cell]!;
      if (was === becomes || (!adds && was !== mine)) continue;
      this.cells[cell] = becomes;
      changed++;
      const column = Math.floor(cell / this.grid.height);
      [from, to] = [Math.min(from, column), Math.max(to, column)];
    }
    if (changed) this.changed(from, to);
    return changed;
  }

  /** Cells whose middle a round brush went over, and those that it pointed at. radius: in pixels of the picture. */
  under(path: Point[], radius: number): Set<number> {
    const { width, height } = this.grid;
    const scale = width / this.image.width;
    const found = new Set(path.map((at) => this.cellAt(at)));
    const r = radius * scale;
    for (const { x, y } of closely(path, radius / 2)) {
      const [cx, cy] = [x * scale - 0.5, (y * height) / this.image.height - 0.5];
      for (let column = Math.max(0, Math.ceil(cx - r)); column <= Math.min(width - 1, cx + r); column++) {
        const half = Math.sqrt(r * r - (column - cx) ** 2);
        for (let row = Math.max(0, Math.ceil(cy - half)); row <= Math.min(height - 1, cy + half); row++) found.add(column * height + row);
      }
    }
    return found;
  }

  /** Cells of no label that no way leads out of without crossing this one. */
  holesIn(label: string): number[] {
    const open = this.around(this.numberOf(label));
    const holes: number[] = [];
    this.cells.forEach((cell, at) => cell === NONE && !open[at] && holes.push(at));
    return holes;
  }

  /** Cells that a way leads to from the edge of the picture, around what says `mine`. */
  private around(mine: number): Uint8Array {
    const { width, height } = this.grid;
    const seen = new Uint8Array(this.cells.length);
    const stack: number[] = [];
    const visit = (at: number) => {
      if (seen[at] || this.cells[at] === mine) return;
      seen[at] = 1;
      stack.push(at);
    };
    for (let x = 0; x < width; x++) [x * height, x * height + height - 1].forEach(visit);
    for (let y = 0; y < height; y++) [y, (width - 1) * height + y].forEach(visit);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (at % height) visit(at - 1);
      if (at % height < height - 1) visit(at + 1);
      if (at >= height) visit(at - height);
      if (at < height * (width - 1)) visit(at + height);
    }
    return seen;
  }
}

/** Points along a path, none further than `step` from the next. */
export function* closely(path: Point[], step: number): Generator<Point> {
  yield path[0]!;
  for (let k = 1; k < path.length; k++) {
    const [from, to] = [path[k - 1]!, path[k]!];
    const n = Math.max(1, Math.ceil(distance(from, to) / step));
    for (let part = 1; part <= n; part++) yield { x: from.x + ((to.x - from.x) * part) / n, y: from.y + ((to.y - from.y) * part) / n };
  }
}
