import { distance, rectOfPoints, type Point, type Rect, type Size } from "@app/geometry/box";

/** Corners in order; the last is joined to the first. */
export type Ring = Point[];
export const MIN_CORNERS = 3;
export const MAX_CORNERS = 200;

export const boundsOf = (ring: Ring): Rect => rectOfPoints(ring);

const cross = (a: Point, b: Point, c: Point): number => (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);

/** Twice the area; its sign is the way round. */
export function turn(ring: Ring): number {
  return ring.reduce((sum, a, k) => sum + a.x * after(ring, k).y - after(ring, k).x * a.y, 0);
}

export const areaOf = (ring: Ring): number => Math.abs(turn(ring)) / 2;
const after = (ring: Ring, k: number): Point => ring[(k + 1) % ring.length]!;

export function covers(ring: Ring, { x, y }: Point): boolean {
  let inside = false;
  ring.forEach((a, k) => {
    const b = after(ring, k);
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  });
  return inside;
}

/** On whole pixels of the picture, without corners that fall together. */
export function settle(ring: Ring, image: Size): Ring {
  const whole = ring.map(({ x, y }) => ({ x: within(x, image.width), y: within(y, image.height) }));
  return whole.filter((point, k) => !isSame(point, after(whole, k)) || (whole.length === 1 && k === 0));
}

const within = (value: number, most: number): number => Math.max(0, Math.min(most, Math.round(value)));
const isSame = (a: Point, b: Point): boolean => a.x === b.x && a.y === b.y;

/** What keeps a ring from being the outline of something; null: nothing does. */
export function faultOf(ring: Ring): "few" | "flat" | "crosses" | null {
  if (ring.length < MIN_CORNERS) return "few";
  if (turn(ring) === 0) return "flat";
  return crossingOf(ring) ? "crosses" : null;
}

/** The first two sides that cross or touch where they should not. */
function crossingOf(ring: Ring): [number, number] | null {
  for (let i = 0; i < ring.length; i++) for (let j = i + 1; j < ring.length; j++) if (sidesMeet(ring, i, j)) return [i, j];
  return null;
}

function sidesMeet(ring: Ring, i: number, j: number): boolean {
  const [a, b, c, d] = [ring[i]!, after(ring, i), ring[j]!, after(ring, j)];
  if (j === i + 1) return turnsBack(a, b, d);
  if (i === 0 && j === ring.length - 1) return turnsBack(c, d, b);
  return meet(a, b, c, d);
}

/** Two sides in a row may share their corner and nothing else. */
const turnsBack = (a: Point, corner: Point, b: Point): boolean => cross(a, corner, b) === 0 && (a.x - corner.x) * (b.x - corner.x) + (a.y - corner.y) * (b.y - corner.y) > 0;

function meet(a: Point, b: Point, c: Point, d: Point): boolean {
  const [abc, abd, cda, cdb] = [cross(a, b, c), cross(a, b, d), cross(c, d, a), cross(c, d, b)].map(Math.sign) as [number, number, number, number];
  if (abc !== abd && cda !== cdb) return true;
  return (abc === 0 && lies(c, a, b)) || (abd === 0 && lies(d, a, b)) || (cda === 0 && lies(a, c, d)) || (cdb === 0 && lies(b, c, d));
}

const lies = (p: Point, a: Point, b: Point): boolean => Math.min(a.x, b.x) <= p.x && p.x <= Math.max(a.x, b.x) && Math.min(a.y, b.y) <= p.y && p.y <= Math.max(a.y, b.y);

/** A line that was drawn in one go often crosses itself where it ends: of the two loops at a crossing the larger is what was meant. */
export function untangled(ring: Ring): Ring {
  let left = ring;
  for (let crossing = crossingOf(left); crossing && left.length > MIN_CORNERS; crossing = crossingOf(left)) {
    const [i, j] = crossing;
    const loop = left.slice(i + 1, j + 1);
    const rest = [...left.slice(0, i + 1), ...left.slice(j + 1)];
    left = areaOf(loop) > areaOf(rest) ? loop : rest;
  }
  return left;
}

/** Fewer corners, none of those left out further than `off` from the line (Douglas and Peucker 1973). */
export function simplified(line: Point[], off: number, most: number): Point[] {
  let tolerance = off;
  let kept = keep(line, tolerance);
  while (kept.length > most) kept = keep(line, (tolerance *= 1.5));
  return kept;
}

function keep(line: Point[], off: number): Point[] {
  if (line.length < 3) return line;
  const [first, last] = [line[0]!, line.at(-1)!];
  let far = 0;
  let most = -1;
  line.forEach((point, k) => {
    const away = distanceToSide(point, first, last);
    if (k > 0 && k < line.length - 1 && away > most) [far, most] = [k, away];
  });
  if (most <= off) return [first, last];
  return [...keep(line.slice(0, far + 1), off).slice(0, -1), ...keep(line.slice(far), off)];
}

export function distanceToSide(p: Point, a: Point, b: Point): number {
  const length = distance(a, b) ** 2;
  const along = length ? Math.max(0, Math.min(1, ((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / length)) : 0;
  return distance(p, { x: a.x + along * (b.x - a.x), y: a.y + along * (b.y - a.y) });
}

/** The corner within `reach` of a point, the nearest; -1: none. */
export function cornerAt(ring: Ring, at: Point, reach: number): number {
  return nearest(
    ring.map((corner) => distance(corner, at)),
    reach,
  );
}

/** The side within `reach`, by the corner that it begins at. */
export function sideAt(ring: Ring, at: Point, reach: number): number {
  return nearest(
    ring.map((corner, k) => distanceToSide(at, corner, after(ring, k))),
    reach,
  );
}

function nearest(away: number[], reach: number): number {
  const least = Math.min(...away);
  return least <= reach ? away.indexOf(least) : -1;
}

export const middleOfSide = (ring: Ring, k: number): Point => ({ x: (ring[k]!.x + after(ring, k).x) / 2, y: (ring[k]!.y + after(ring, k).y) / 2 });

/** As it is, further on; it stops at the picture's edge. */
export function shifted(ring: Ring, dx: number, dy: number, image: Size): Ring {
  const { x, y, width, height } = boundsOf(ring);
  const [right, down] = [Math.max(-x, Math.min(image.width - x - width, Math.round(dx))), Math.max(-y, Math.min(image.height - y - height, Math.round(dy)))];
  return ring.map((point) => ({ x: point.x + right, y: point.y + down }));
}
