import { clamp, type Point, type Size } from "./box";

/** How the picture lies on the screen: screen = image * scale + (x, y). Screen units are CSS pixels. */
export type View = { scale: number; x: number; y: number };
const STRIP = 5; // so many screens long
export const MAX_ZOOM = 12; // times the fitting scale, and at least 4 screen pixels an image pixel

export function fit(image: Size, screen: Size): View {
  const scale = Math.min(screen.width / image.width, screen.height / image.height);
  return { scale, x: (screen.width - image.width * scale) / 2, y: (screen.height - image.height * scale) / 2 };
}

/** How a picture is first seen: whole; or, a strip that would be a hair, its short side as wide as the screen, from its beginning. */
export function opening(image: Size, screen: Size): View {
  const whole = fit(image, screen);
  const across = Math.max(screen.width / image.width, screen.height / image.height);
  if (whole.scale * STRIP > across) return whole;
  return hold({ scale: Math.min(across, Math.max(1, whole.scale)), x: 0, y: 0 }, image, screen);
}

export const toScreen = (view: View, point: Point): Point => ({ x: point.x * view.scale + view.x, y: point.y * view.scale + view.y });
export const toImage = (view: View, point: Point): Point => ({ x: (point.x - view.x) / view.scale, y: (point.y - view.y) / view.scale });

/** Zooms by a factor; the image point under `at` stays under it. */
export function zoomAt(view: View, factor: number, at: Point, image: Size, screen: Size): View {
  const least = fit(image, screen).scale;
  const scale = clamp(view.scale * factor, least, Math.max(least * MAX_ZOOM, 4));
  const fixed = toImage(view, at);
  return hold({ scale, x: at.x - fixed.x * scale, y: at.y - fixed.y * scale }, image, screen);
}

export function pan(view: View, dx: number, dy: number, image: Size, screen: Size): View {
  return hold({ ...view, x: view.x + dx, y: view.y + dy }, image, screen);
}

/** Two fingers: the image points that they touched first stay under them. */
export function pinch(view: View, from: [Point, Point], to: [Point, Point], image: Size, screen: Size): View {
  const spread = (pair: [Point, Point]) => Math.max(1, Math.hypot(pair[0].x - pair[1].x, pair[0].y - pair[1].y));
  const middle = (pair: [Point, Point]) => ({ x: (pair[0].x + pair[1].x) / 2, y: (pair[0].y + pair[1].y) / 2 });
  const [start, end] = [middle(from), middle(to)];
  const zoomed = zoomAt(view, spread(to) / spread(from), start, image, screen);
  return pan(zoomed, end.x - start.x, end.y - start.y, image, screen);
}

export const isZoomed = (view: View, image: Size, screen: Size): boolean => view.scale > fit(image, screen).scale * 1.2;

/** Keeps the picture in reach: centred where it is smaller than the screen, no empty edge where it is larger. */
function hold(view: View, image: Size, screen: Size): View {
  const along = (offset: number, length: number, room: number) => (length <= room ? (room - length) / 2 : clamp(offset, room - length, 0));
  return {
    scale: view.scale,
    x: along(view.x, image.width * view.scale, screen.width),
    y: along(view.y, image.height * view.scale, screen.height),
  };
}
