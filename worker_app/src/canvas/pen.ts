/** Strokes that are seen on any picture: dark, light and colour under each other, never colour alone. */
import type { Look } from "@app/app/looks";
import type { Point, Rect } from "@app/geometry/box";
import { toScreen, type View } from "@app/geometry/viewport";

export function onScreen(view: View, rect: Rect): Rect {
  const corner = toScreen(view, rect);
  return { ...corner, width: rect.width * view.scale, height: rect.height * view.scale };
}

export const meets = (a: Rect, b: Rect): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Outlines that stand still: strokes for all of them, and one for each colour. */
export function strokeAll(pen: CanvasRenderingContext2D, all: Path2D, byColour: Map<string, Path2D>, brief = false): void {
  stroke(pen, all, brief ? "#000000" : "rgb(0 0 0 / 80%)", brief ? 3 : 4.5);
  if (!brief) stroke(pen, all, "#ffffff", 2.5);
  for (const [colour, path] of byColour) stroke(pen, path, colour, 1.3);
}

/** The one that is chosen or being drawn. */
export function strokeChosen(pen: CanvasRenderingContext2D, path: Path2D, colour: string): void {
  stroke(pen, path, "rgb(0 0 0 / 80%)", 6);
  stroke(pen, path, "#ffffff", 3.5);
  stroke(pen, path, colour, 1.8);
}

function stroke(pen: CanvasRenderingContext2D, path: Path2D, colour: string, width: number): void {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.stroke(path);
}

export function paintTag(pen: CanvasRenderingContext2D, rect: Rect, { name, colour }: Look): void {
  pen.direction = "ltr"; // the tag begins at the shape, whichever way her language runs
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

export function paintHandle(pen: CanvasRenderingContext2D, { x, y }: Point, chosen = false): void {
  pen.beginPath();
  pen.arc(x, y, chosen ? 9 : 7, 0, 2 * Math.PI);
  pen.fillStyle = chosen ? "#ffd35c" : "#ffffff";
  pen.fill();
  pen.lineWidth = 2.5;
  pen.strokeStyle = "#2b1c14";
  pen.stroke();
}

/** A named point: filled where it is seen, a ring where it is hidden. */
export function paintDot(pen: CanvasRenderingContext2D, { x, y }: Point, colour: string, hidden: boolean, chosen = false): void {
  pen.beginPath();
  pen.arc(x, y, chosen ? 8 : 5.5, 0, 2 * Math.PI);
  pen.fillStyle = hidden ? "rgb(0 0 0 / 55%)" : colour;
  pen.fill();
  for (const [line, width] of [
    ["#2b1c14", 4],
    [hidden ? colour : "#ffffff", 2],
  ] as const) {
    pen.strokeStyle = line;
    pen.lineWidth = width;
    pen.stroke();
  }
}

/** A cross with a gap in the middle: the pixel that counts stays visible. */
export function paintPoint(pen: CanvasRenderingContext2D, { x, y }: Point): void {
  for (const [colour, width] of [
    ["rgb(0 0 0 / 85%)", 5],
    ["#ffd35c", 2.5],
  ] as const) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.beginPath();
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      pen.moveTo(x + 3 * dx, y + 3 * dy);
      pen.lineTo(x + 11 * dx, y + 11 * dy);
    }
    pen.stroke();
  }
}
