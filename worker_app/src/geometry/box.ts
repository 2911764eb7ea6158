/** Rectangles in pixels of the upright original image. Corners are (x, y) and (x + width, y + height). */
export type Point = { x: number; y: number };
export type Size = { width: number; height: number };
export type Rect = Point & Size;
export type Handle = "nw" | "n" | "ne" | "e" | "se" | "s" | "sw" | "w";
export const HANDLES: Handle[] = ["nw", "n", "ne", "e", "se", "s", "sw", "w"];

export function rectOfPoints(points: Point[]): Rect {
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** Whole pixels, inside the picture, at least one pixel wide and high. */
export function settle(rect: Rect, image: Size): Rect {
  const x = clamp(Math.round(rect.x), 0, image.width - 1);
  const y = clamp(Math.round(rect.y), 0, image.height - 1);
  const right = clamp(Math.round(rect.x + rect.width), x + 1, image.width);
  const bottom = clamp(Math.round(rect.y + rect.height), y + 1, image.height);
  return { x, y, width: right - x, height: bottom - y };
}

/** Moves without changing its size: it stops at the picture's edge. */
export function move(rect: Rect, dx: number, dy: number, image: Size): Rect {
  const x = clamp(Math.round(rect.x + dx), 0, image.width - rect.width);
  const y = clamp(Math.round(rect.y + dy), 0, image.height - rect.height);
  return { ...rect, x, y };
}

/** Drags one handle to a point; a side may be pulled past the other and the rectangle turns over. */
export function resize(rect: Rect, handle: Handle, to: Point, image: Size): Rect {
  let [left, top, right, bottom] = [rect.x, rect.y, rect.x + rect.width, rect.y + rect.height];
  if (handle.includes("w")) left = to.x;
  if (handle.includes("e")) right = to.x;
  if (handle.includes("n")) top = to.y;
  if (handle.includes("s")) bottom = to.y;
  return settle(
    rectOfPoints([
      { x: left, y: top },
      { x: right, y: bottom },
    ]),
    image,
  );
}

/** Drags one handle by so much. */
export function sizeBy(rect: Rect, handle: Handle, dx: number, dy: number, image: Size): Rect {
  const corner = handlePoint(rect, handle);
  return resize(rect, handle, { x: corner.x + dx, y: corner.y + dy }, image);
}

export function handlePoint(rect: Rect, handle: Handle): Point {
  const x = handle.includes("w") ? rect.x : handle.includes("e") ? rect.x + rect.width : rect.x + rect.width / 2;
  const y = handle.includes("n") ? rect.y : handle.includes("s") ? rect.y + rect.height : rect.y + rect.height / 2;
  return { x, y };
}

/** The handle within `reach` of a point, corners before sides, or null. */
export function handleAt(rect: Rect, point: Point, reach: number): Handle | null {
  const corners = HANDLES.filter((handle) => handle.length === 2);
  const sides = HANDLES.filter((handle) => handle.length === 1);
  for (const group of [corners, sides]) {
    const near = group
      .map((handle) => ({ handle, away: distance(handlePoint(rect, handle), point) }))
      .filter(({ away }) => away <= reach)
      .sort((a, b) => a.away - b.away)[0];
    if (near) return near.handle;
  }
  return null;
}

export function contains(rect: Rect, point: Point, margin = 0): boolean {
  return point.x >= rect.x - margin && point.x <= rect.x + rect.width + margin && point.y >= rect.y - margin && point.y <= rect.y + rect.height + margin;
}

/** Position of the smallest rectangle under a point, or -1: a small object in front of a big one can be reached. */
export function smallestAt(rects: Rect[], point: Point, margin = 0): number {
  let best = -1;
  rects.forEach((rect, k) => {
    if (contains(rect, point, margin) && (best < 0 || area(rect) < area(rects[best]!))) best = k;
  });
  return best;
}

export const area = (size: Size): number => size.width * size.height;
export const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);
export const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));
