import { distance, type Point, type Size } from "@app/geometry/box";
import type { Ring } from "../../polygons/phone/ring";

const LEAST_HIGH = 3; // pixels of the picture

const turnAt = (ring: Ring, k: number): number => {
  const [a, b, c] = [ring[(k + 3) % 4]!, ring[k]!, ring[(k + 1) % 4]!];
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
};

/** Four corners, clockwise and without a dent (is_quad() of quads.py). */
export const isQuad = (ring: Ring): boolean => ring.length === 4 && ring.every((_, k) => turnAt(ring, k) > 0);

/** A line of text by the two ends of its baseline and how high it is, or of its upper line and how far down; null: it is flat. */
export function lineOf(one: Point, other: Point, high: Point): Ring | null {
  const backwards = Math.abs(other.x - one.x) >= Math.abs(other.y - one.y) && other.x < one.x;
  const [a, b] = backwards ? [other, one] : [one, other];
  const length = distance(a, b);
  if (length < LEAST_HIGH) return null;
  const up = { x: (b.y - a.y) / length, y: -(b.x - a.x) / length };
  const height = (high.x - a.x) * up.x + (high.y - a.y) * up.y;
  if (Math.abs(height) < LEAST_HIGH) return null;
  const raised = ({ x, y }: Point): Point => ({ x: x + up.x * height, y: y + up.y * height });
  return height > 0 ? [raised(a), raised(b), b, a] : [a, b, raised(b), raised(a)];
}

/** On whole pixels inside the picture. */
export function settled(ring: Ring, { width, height }: Size): Ring {
  const within = (value: number, most: number) => Math.max(0, Math.min(most, Math.round(value)));
  return ring.map(({ x, y }) => ({ x: within(x, width), y: within(y, height) }));
}

/** From the top, those at one height from the left, as the answer is kept. */
export function byPlace(a: Ring, b: Ring): number {
  const sum = (ring: Ring, side: "x" | "y") => ring.reduce((total, point) => total + point[side], 0);
  return sum(a, "y") - sum(b, "y") || sum(a, "x") - sum(b, "x");
}
