import type { Point, Size } from "@app/geometry/box";

/** The grid of an answer, as the server lays it (labelling/task_types/mask/grid.py). */
export const GRID_PX = 1024;

export function gridOf({ width, height }: Size): Size {
  const shrink = Math.max(1, Math.max(width, height) / GRID_PX);
  return { width: Math.max(1, Math.floor(width / shrink + 0.5)), height: Math.max(1, Math.floor(height / shrink + 0.5)) };
}

type Way = 0 | 1 | 2 | 3; // right, down, left, up
const STEP = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

/** The outlines of what says `what`, corner by corner, cells column by column; cells that touch at a corner only lie in rings of their own. */
export function ringsOf(cells: Uint8Array, { width, height }: Size, what: number): Point[][] {
  const inside = (x: number, y: number): boolean => x >= 0 && y >= 0 && x < width && y < height && cells[x * height + y] === what;
  const across = width + 1;
  const after = new Uint8Array(across * (height + 1)); // the ways that go on from a corner, a bit each
  const put = (x: number, y: number, way: Way) => (after[y * across + x]! |= 1 << way);
  for (let x = 0; x < width; x++)
    for (let y = 0; y < height; y++) {
      if (cells[x * height + y] !== what) continue;
      if (!inside(x, y - 1)) put(x, y, 0);
      if (!inside(x + 1, y)) put(x + 1, y, 1);
      if (!inside(x, y + 1)) put(x + 1, y + 1, 2);
      if (!inside(x - 1, y)) put(x, y + 1, 3);
    }
  const rings: Point[][] = [];
  for (let start = 0; start < after.length; start++) while (after[start]) rings.push(ringFrom(after, start, across));
  return rings;
}

/** One ring, taken out of `after`. Where two ways go on, the right one stays with the same cell. */
function ringFrom(after: Uint8Array, start: number, across: number): Point[] {
  const ring: Point[] = [];
  let at = start;
  let way = -1;
  for (;;) {
    const right = (way + 1) % 4;
    const here = (way >= 0 && after[at]! & (1 << right) ? right : Math.log2(after[at]! & -after[at]!)) as Way;
    after[at]! &= ~(1 << here);
    if (here !== way) ring.push({ x: at % across, y: Math.floor(at / across) });
    way = here;
    at += STEP[here][0] + STEP[here][1] * across;
    if (at === start && !(after[at]! & (1 << ((way + 1) % 4)))) return ring;
  }
}
