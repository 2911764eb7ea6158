import { HANDLES, handlePoint, type Point, type Rect, type Size } from "@app/geometry/box";
import { toImage, toScreen, type View } from "@app/geometry/viewport";
import type { Box, BoxTool } from "./box_tool";

export type Labels = Map<string, { name: string; colour: string }>;

const MOST_PIXELS = 4_000_000; // the canvas's memory on a 2 GB phone
const LOUPE_RADIUS = 58;
const LOUPE_ZOOM = 2.6;
const LOUPE_ABOVE = 104; // about 22 mm: clear of the thumb (Vogel & Baudisch, "Shift", CHI 2007)

/** Makes the canvas as sharp as the screen, within the memory limit. Returns device pixels for each CSS pixel. */
export function sizeCanvas(canvas: HTMLCanvasElement, screen: Size): number {
  const sharp = Math.min(devicePixelRatio || 1, Math.sqrt(MOST_PIXELS / Math.max(1, screen.width * screen.height)));
  canvas.width = Math.round(screen.width * sharp);
  canvas.height = Math.round(screen.height * sharp);
  return sharp;
}

export function paint(canvas: HTMLCanvasElement, sharp: number, picture: CanvasImageSource, tool: BoxTool, labels: Labels): void {
  const pen = canvas.getContext("2d", { alpha: false })!;
  const screen = { width: canvas.width / sharp, height: canvas.height / sharp };
  pen.setTransform(sharp, 0, 0, sharp, 0, 0);
  pen.fillStyle = "#17110d";
  pen.fillRect(0, 0, screen.width, screen.height);
  paintScene(pen, picture, tool, tool.view, labels);
  if (tool.aim && tool.touch) paintLoupe(pen, picture, tool, screen, labels);
}

function paintScene(pen: CanvasRenderingContext2D, picture: CanvasImageSource, tool: BoxTool, view: View, labels: Labels): void {
  const { image } = tool;
  pen.imageSmoothingEnabled = view.scale < 4;
  pen.drawImage(picture, view.x, view.y, image.width * view.scale, image.height * view.scale);
  tool.shown.forEach((box, k) => paintBox(pen, box, view, labels, k === tool.selected));
  for (const point of tool.draft.points) paintPoint(pen, toScreen(view, point));
}

function paintBox(pen: CanvasRenderingContext2D, box: Box, view: View, labels: Labels, selected: boolean): void {
  const rect = onScreen(view, box);
  const { name, colour } = labels.get(box.label) ?? { name: box.label, colour: "#ffffff" };
  stroke(pen, rect, "rgb(0 0 0 / 80%)", selected ? 6 : 4.5);
  stroke(pen, rect, "#ffffff", selected ? 3.5 : 2.5);
  stroke(pen, rect, colour, selected ? 1.8 : 1.3);
  paintTag(pen, rect, name, colour);
  if (selected) for (const handle of HANDLES) paintHandle(pen, toScreen(view, handlePoint(box, handle)));
}

function onScreen(view: View, rect: Rect): Rect {
  const corner = toScreen(view, rect);
  return { ...corner, width: rect.width * view.scale, height: rect.height * view.scale };
}

function stroke(pen: CanvasRenderingContext2D, rect: Rect, colour: string, width: number): void {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.strokeRect(rect.x, rect.y, rect.width, rect.height);
}

function paintTag(pen: CanvasRenderingContext2D, rect: Rect, name: string, colour: string): void {
  pen.font = "600 13px system-ui, sans-serif";
  const width = pen.measureText(name).width + 24;
  const y = rect.y >= 24 ? rect.y - 23 : rect.y + 4;
  const x = Math.max(2, rect.x - 2);
  pen.fillStyle = "rgb(20 12 8 / 88%)";
  pen.beginPath();
  pen.roundRect(x, y, width, 20, 6);
  pen.fill();
  pen.fillStyle = colour;
  pen.beginPath();
  pen.arc(x + 10, y + 10, 5, 0, 2 * Math.PI);
  pen.fill();
  pen.fillStyle = "#fff6e6";
  pen.textBaseline = "middle";
  pen.fillText(name, x + 19, y + 10.5);
}

function paintHandle(pen: CanvasRenderingContext2D, { x, y }: Point): void {
  pen.beginPath();
  pen.arc(x, y, 7, 0, 2 * Math.PI);
  pen.fillStyle = "#ffffff";
  pen.fill();
  pen.lineWidth = 2.5;
  pen.strokeStyle = "#2b1c14";
  pen.stroke();
}

/** A cross with a gap in the middle: the pixel that counts stays visible. */
function paintPoint(pen: CanvasRenderingContext2D, { x, y }: Point): void {
  for (const [colour, width] of [["rgb(0 0 0 / 85%)", 5], ["#ffd35c", 2.5]] as const) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) {
      pen.moveTo(x + 3 * dx, y + 3 * dy);
      pen.lineTo(x + 11 * dx, y + 11 * dy);
    }
    pen.stroke();
  }
}

/** What the finger hides, shown larger above it (below it at the top of the screen). */
function paintLoupe(pen: CanvasRenderingContext2D, picture: CanvasImageSource, tool: BoxTool, screen: Size, labels: Labels): void {
  const aim = toScreen(tool.view, tool.aim!);
  const above = aim.y > LOUPE_ABOVE + LOUPE_RADIUS;
  const x = Math.max(LOUPE_RADIUS + 4, Math.min(screen.width - LOUPE_RADIUS - 4, aim.x));
  const y = aim.y + (above ? -LOUPE_ABOVE : LOUPE_ABOVE);
  const scale = Math.max(2, tool.view.scale * LOUPE_ZOOM);
  const at = toImage(tool.view, aim);
  pen.save();
  pen.beginPath();
  pen.arc(x, y, LOUPE_RADIUS, 0, 2 * Math.PI);
  pen.clip();
  pen.fillStyle = "#17110d";
  pen.fill();
  paintScene(pen, picture, tool, { scale, x: x - at.x * scale, y: y - at.y * scale }, labels);
  paintPoint(pen, { x, y });
  pen.restore();
  pen.beginPath();
  pen.arc(x, y, LOUPE_RADIUS, 0, 2 * Math.PI);
  for (const [colour, width] of [["#2b1c14", 6], ["#fff6e6", 3]] as const) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.stroke();
  }
}
