import { clamp, HANDLES, handlePoint, type Point, type Rect, type Size } from "@app/geometry/box";
import { toImage, toScreen, type View } from "@app/geometry/viewport";
import type { Box, BoxTool } from "./tool";
import type { Sharper } from "@app/canvas/sharper";

export type Labels = Map<string, { name: string; colour: string }>;

const LOUPE_RADIUS = 58;
const LOUPE_ZOOM = 2.6;
const LOUPE_ABOVE = 104; // about 22 mm: clear of the thumb (Vogel & Baudisch, "Shift", CHI 2007)

/**
 * What stands still (the picture and every box but the one under the finger) is painted once and kept; a frame of a gesture copies it and
 * paints one box. Two hundred boxes are a few strokes, not six hundred.
 */
export class Painter {
  private readonly pen: CanvasRenderingContext2D;
  private readonly still = document.createElement("canvas");
  private stillOf: unknown[] = [];

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly sharp: number,
    private readonly sharper: Sharper | null,
  ) {
    this.pen = canvas.getContext("2d", { alpha: false })!;
    this.still.width = canvas.width;
    this.still.height = canvas.height;
  }

  paint(picture: HTMLImageElement, tool: BoxTool, labels: Labels): void {
    const { pen, sharp } = this;
    const screen = { width: this.canvas.width / sharp, height: this.canvas.height / sharp };
    this.paintStill(picture, tool, labels, screen);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.drawImage(this.still, 0, 0);
    pen.setTransform(sharp, 0, 0, sharp, 0, 0);
    paintChosen(pen, tool, tool.view, labels);
    if (tool.aim && tool.touch) paintLoupe(pen, picture, this.sharper, tool, screen, labels);
  }

  private paintStill(picture: HTMLImageElement, tool: BoxTool, labels: Labels, screen: Size): void {
    const now = [picture, this.sharper?.version, tool.view, tool.draft.boxes, tool.selected, labels];
    if (now.every((part, k) => part === this.stillOf[k])) return;
    this.stillOf = now;
    const pen = this.still.getContext("2d", { alpha: false })!;
    pen.setTransform(this.sharp, 0, 0, this.sharp, 0, 0);
    paintPicture(pen, picture, this.sharper, tool, tool.view, { x: 0, y: 0, ...screen });
    paintBoxes(pen, tool, tool.view, labels, { x: 0, y: 0, ...screen });
  }
}

/** The part of the picture that `frame` shows, and no more: the rest need not be scaled. */
function paintPicture(pen: CanvasRenderingContext2D, picture: HTMLImageElement, sharper: Sharper | null, { image }: BoxTool, view: View, frame: Rect, tiles: "held" | "all" = "all"): void {
  pen.fillStyle = "#17110d";
  pen.fillRect(frame.x, frame.y, frame.width, frame.height);
  const from = toImage(view, frame);
  const to = toImage(view, { x: frame.x + frame.width, y: frame.y + frame.height });
  const [left, top] = [Math.max(0, from.x), Math.max(0, from.y)];
  const [width, height] = [Math.min(image.width, to.x) - left, Math.min(image.height, to.y) - top];
  if (width <= 0 || height <= 0) return;
  const ratio = picture.naturalWidth / image.width; // a smaller copy of the original may be here
  const at = toScreen(view, { x: left, y: top });
  pen.imageSmoothingEnabled = view.scale < 4;
  pen.drawImage(picture, left * ratio, top * ratio, width * ratio, height * ratio, at.x, at.y, width * view.scale, height * view.scale);
  sharper?.paint(pen, view, frame, picture.naturalWidth, tiles);
}

const MOST_TAGS = 30; // in a crowd the colour and the list below say which is which

/** All boxes but the chosen one, by colour: dark, light and colour under each other, a stroke each. */
function paintBoxes(pen: CanvasRenderingContext2D, tool: BoxTool, view: View, labels: Labels, frame: Rect): void {
  const seen = tool.draft.boxes
    .map((box, k) => ({ box, rect: onScreen(view, box), k }))
    .filter(({ rect, k }) => k !== tool.selected && meets(rect, frame));
  const lines = new Map<string, Path2D>();
  const all = new Path2D();
  for (const { box, rect } of seen) {
    const { colour } = lookOf(box, labels);
    if (!lines.has(colour)) lines.set(colour, new Path2D());
    for (const path of [all, lines.get(colour)!]) path.rect(rect.x, rect.y, rect.width, rect.height);
  }
  strokePath(pen, all, "rgb(0 0 0 / 80%)", 4.5);
  strokePath(pen, all, "#ffffff", 2.5);
  for (const [colour, path] of lines) strokePath(pen, path, colour, 1.3);
  if (seen.length <= MOST_TAGS) for (const { box, rect } of seen) paintTag(pen, rect, lookOf(box, labels));
}

/** On top of the others: the box that is chosen, as it is right now, the one being drawn, and the taps of one that is begun. */
function paintChosen(pen: CanvasRenderingContext2D, tool: BoxTool, view: View, labels: Labels): void {
  const shown = tool.shown;
  for (const k of new Set([tool.selected, shown.length > tool.draft.boxes.length ? shown.length - 1 : -1])) {
    const box = shown[k];
    if (!box) continue;
    const path = new Path2D();
    const rect = onScreen(view, box);
    const look = lookOf(box, labels);
    path.rect(rect.x, rect.y, rect.width, rect.height);
    strokePath(pen, path, "rgb(0 0 0 / 80%)", 6);
    strokePath(pen, path, "#ffffff", 3.5);
    strokePath(pen, path, look.colour, 1.8);
    paintTag(pen, rect, look);
    if (k === tool.selected && tool.live) for (const handle of HANDLES) paintHandle(pen, toScreen(view, handlePoint(box, handle)));
  }
  for (const point of tool.draft.points) paintPoint(pen, toScreen(view, point));
}

const lookOf = (box: Box, labels: Labels) => labels.get(box.label) ?? { name: box.label, colour: "#ffffff" };

const meets = (a: Rect, b: Rect): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

function onScreen(view: View, rect: Rect): Rect {
  const corner = toScreen(view, rect);
  return { ...corner, width: rect.width * view.scale, height: rect.height * view.scale };
}

function strokePath(pen: CanvasRenderingContext2D, path: Path2D, colour: string, width: number): void {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.stroke(path);
}

function paintTag(pen: CanvasRenderingContext2D, rect: Rect, { name, colour }: { name: string; colour: string }): void {
  pen.direction = "ltr"; // the tag begins at the box, whichever way her language runs
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

/** What the finger hides, shown larger: above it, or, at the top of the picture, in the corner on its other side; never under the hand. */
export function placeOfLoupe(aim: Point, screen: Size): Point {
  const least = LOUPE_RADIUS + 4;
  if (aim.y > LOUPE_ABOVE + LOUPE_RADIUS) return { x: clamp(aim.x, least, screen.width - least), y: aim.y - LOUPE_ABOVE };
  return { x: aim.x < screen.width / 2 ? screen.width - least : least, y: least };
}

function paintLoupe(pen: CanvasRenderingContext2D, picture: HTMLImageElement, sharper: Sharper | null, tool: BoxTool, screen: Size, labels: Labels): void {
  const at = tool.aim!;
  const { x, y } = placeOfLoupe(toScreen(tool.view, at), screen);
  const scale = Math.max(2, tool.view.scale * LOUPE_ZOOM);
  const view = { scale, x: x - at.x * scale, y: y - at.y * scale };
  const frame = { x: x - LOUPE_RADIUS, y: y - LOUPE_RADIUS, width: 2 * LOUPE_RADIUS, height: 2 * LOUPE_RADIUS };
  pen.save();
  pen.beginPath();
  pen.arc(x, y, LOUPE_RADIUS, 0, 2 * Math.PI);
  pen.clip();
  paintPicture(pen, picture, sharper, tool, view, frame, "held");
  paintBoxes(pen, tool, view, labels, frame);
  paintChosen(pen, tool, view, labels);
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
