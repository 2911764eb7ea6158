import { clamp, type Point, type Rect, type Size } from "@app/geometry/box";
import { toImage, toScreen, type View } from "@app/geometry/viewport";
import { paintPoint } from "./pen";
import type { Sharper } from "./sharper";
import type { Stage, Surface } from "./stage";

const LOUPE_RADIUS = 58;
const LOUPE_ZOOM = 2.6;
const LOUPE_ABOVE = 104; // about 22 mm: clear of the thumb (Vogel & Baudisch, "Shift", CHI 2007)

/**
 * What stands still (the picture and every shape but the one under the finger) is painted once and kept; a frame of a gesture copies it and
 * paints one shape. While the view itself moves nothing is kept, every frame being another one, and nothing is told that takes longer than
 * the frame is seen.
 */
export class Painter {
  private readonly pen: CanvasRenderingContext2D;
  private readonly kept = document.createElement("canvas");
  private keptOf: unknown[] = [];
  private seenAt: View | null = null;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly sharp: number,
    private readonly sharper: Sharper | null,
  ) {
    this.pen = canvas.getContext("2d", { alpha: false })!;
    this.kept.width = canvas.width;
    this.kept.height = canvas.height;
  }

  /** Returns whether the view moved, so that this was no more than a glance of it. */
  paint(picture: HTMLImageElement, stage: Stage): boolean {
    const { pen, sharp } = this;
    const screen = { width: this.canvas.width / sharp, height: this.canvas.height / sharp };
    const surface = { pen, view: stage.view, frame: { x: 0, y: 0, ...screen } };
    const moves = this.seenAt !== null && stage.view !== this.seenAt;
    this.seenAt = stage.view;
    if (moves) this.paintBelow(picture, stage, { ...surface, brief: true });
    else this.copyKept(picture, stage, surface);
    stage.tool.paint(surface, "live");
    if (stage.tool.aim && stage.touch) this.paintLoupe(picture, stage, stage.tool.aim, screen);
    return moves;
  }

  private copyKept(picture: HTMLImageElement, stage: Stage, surface: Surface): void {
    const now = [picture, this.sharper?.version, stage.view, ...stage.tool.still];
    if (now.length !== this.keptOf.length || now.some((part, k) => part !== this.keptOf[k])) {
      this.keptOf = now;
      this.paintBelow(picture, stage, { ...surface, pen: this.kept.getContext("2d", { alpha: false })! });
    }
    this.pen.setTransform(1, 0, 0, 1, 0, 0);
    this.pen.drawImage(this.kept, 0, 0);
    this.pen.setTransform(this.sharp, 0, 0, this.sharp, 0, 0);
  }

  private paintBelow(picture: HTMLImageElement, stage: Stage, surface: Surface): void {
    surface.pen.setTransform(this.sharp, 0, 0, this.sharp, 0, 0);
    paintPicture(surface, picture, this.sharper, stage.image);
    stage.tool.paint(surface, "still");
  }

  private paintLoupe(picture: HTMLImageElement, stage: Stage, aim: Point, screen: Size): void {
    const { pen } = this;
    const { x, y } = placeOfLoupe(toScreen(stage.view, aim), screen);
    const scale = Math.max(2, stage.view.scale * LOUPE_ZOOM);
    const view = { scale, x: x - aim.x * scale, y: y - aim.y * scale };
    const surface = { pen, view, frame: { x: x - LOUPE_RADIUS, y: y - LOUPE_RADIUS, width: 2 * LOUPE_RADIUS, height: 2 * LOUPE_RADIUS } };
    pen.save();
    pen.beginPath();
    pen.arc(x, y, LOUPE_RADIUS, 0, 2 * Math.PI);
    pen.clip();
    paintPicture(surface, picture, this.sharper, stage.image, "held");
    stage.tool.paint(surface, "still");
    stage.tool.paint(surface, "live");
    paintPoint(pen, { x, y });
    pen.restore();
    pen.beginPath();
    pen.arc(x, y, LOUPE_RADIUS, 0, 2 * Math.PI);
    for (const [colour, width] of [
      ["#2b1c14", 6],
      ["#fff6e6", 3],
    ] as const) {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.stroke();
    }
  }
}

/** The part of the picture that the frame shows, and no more: the rest need not be scaled. */
function paintPicture({ pen, view, frame }: Surface, picture: HTMLImageElement, sharper: Sharper | null, image: Size, tiles: "held" | "all" = "all"): void {
  pen.fillStyle = "#17110d";
  pen.fillRect(frame.x, frame.y, frame.width, frame.height);
  const part = seenPart(view, frame, image);
  if (!part) return;
  const ratio = picture.naturalWidth / image.width; // a smaller copy of the original may be here
  const at = toScreen(view, part);
  pen.imageSmoothingEnabled = view.scale < 4;
  pen.drawImage(picture, part.x * ratio, part.y * ratio, part.width * ratio, part.height * ratio, at.x, at.y, part.width * view.scale, part.height * view.scale);
  sharper?.paint(pen, view, frame, picture.naturalWidth, tiles);
}

function seenPart(view: View, frame: Rect, image: Size): Rect | null {
  const from = toImage(view, frame);
  const to = toImage(view, { x: frame.x + frame.width, y: frame.y + frame.height });
  const [x, y] = [Math.max(0, from.x), Math.max(0, from.y)];
  const [width, height] = [Math.min(image.width, to.x) - x, Math.min(image.height, to.y) - y];
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

/** What the finger hides, shown larger: above it, or, at the top of the picture, in the corner on its other side; never under the hand. */
export function placeOfLoupe(aim: Point, screen: Size): Point {
  const least = LOUPE_RADIUS + 4;
  if (aim.y > LOUPE_ABOVE + LOUPE_RADIUS) return { x: clamp(aim.x, least, screen.width - least), y: aim.y - LOUPE_ABOVE };
  return { x: aim.x < screen.width / 2 ? screen.width - least : least, y: least };
}
