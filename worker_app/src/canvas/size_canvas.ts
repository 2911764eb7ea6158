import type { Size } from "@app/geometry/box";

const MAX_PIXELS = 4_000_000; // the canvas's memory on a 2 GB phone

/** Makes the canvas as sharp as the screen, within the memory limit. Returns device pixels for each CSS pixel. */
export function sizeCanvas(canvas: HTMLCanvasElement, screen: Size): number {
  const sharp = Math.min(devicePixelRatio || 1, Math.sqrt(MAX_PIXELS / Math.max(1, screen.width * screen.height)));
  canvas.width = Math.round(screen.width * sharp);
  canvas.height = Math.round(screen.height * sharp);
  return sharp;
}
