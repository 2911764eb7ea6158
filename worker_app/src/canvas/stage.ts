import { distance, type Point, type Rect, type Size } from "@app/geometry/box";
import { isZoomed, opening, pan, pinch, toImage, zoomAt, type View } from "@app/geometry/viewport";
import type { Hand } from "./pointers";

/** A finger: where it points on the picture and on the screen, and how many pixels of the picture a pixel of the screen covers. */
export type Spot = { at: Point; screen: Point; px: number };
/** Where to paint: `frame` is the part of the screen that is seen; `brief`: the view moves, so this is seen for a frame. */
export type Surface = { pen: CanvasRenderingContext2D; view: View; frame: Rect; brief?: boolean };
/** "still": what stands while a finger moves one thing; it is painted once and kept. "live": what moves, on top. */
export type Layer = "still" | "live";

/** What a task type does with one finger on a picture. It knows neither view nor screen: points are pixels of the upright original. */
export interface Tool {
  down(spot: Spot): void;
  move(spot: Spot): void;
  up(): void;
  cancel(): void;
  /** A tap of the hand that otherwise moves the picture. */
  tap(spot: Spot): void;
  /** One step of the arrow keys; false: nothing is chosen, so the view moves. */
  nudge(dx: number, dy: number): boolean;
  /** She came close to the picture. */
  looked(): void;
  paint(surface: Surface, layer: Layer): void;
  /** The layer "still" looks the same for as long as these are the same. */
  readonly still: readonly unknown[];
  /** What the finger aims at, for the loupe; null when nothing fine is being done. */
  readonly aim: Point | null;
}

export const TAP_SLOP = 6; // a finger that stands still does not stand quite still: under this nothing is meant
const VIEW_STEP = 20; // of the arrow keys, when they move the view
const ZOOM = 1.5;
const ARROWS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * A picture to draw on, without a screen: fingers and keys in, a view out. One finger is the tool's (or moves the picture, in `hand`),
 * two fingers look closer. Screen points are CSS pixels of the canvas.
 */
export class Stage implements Hand {
  view: View = { scale: 1, x: 0, y: 0 };
  hand = false;
  touch = false;
  private held: { start: Point; last: Point } | null = null;
  private pinching: { view: View; from: [Point, Point] } | null = null;
  private screen: Size | null = null; // not laid out yet

  constructor(
    readonly image: Size,
    readonly tool: Tool,
    private readonly repaint: () => void,
  ) {}

  setScreen(screen: Size): void {
    const zoomed = this.screen && isZoomed(this.view, this.image, this.screen);
    this.screen = screen;
    this.view = zoomed ? pan(this.view, 0, 0, this.image, screen) : opening(this.image, screen);
    this.repaint();
  }

  setHand(hand: boolean): void {
    this.hand = hand;
    this.repaint();
  }

  down(at: Point, touch: boolean): void {
    this.touch = touch;
    this.held = { start: at, last: at };
    if (!this.hand) this.tool.down(this.spot(at));
    this.repaint();
  }

  moveTo(at: Point): void {
    if (!this.held) return;
    if (this.hand) this.view = pan(this.view, at.x - this.held.last.x, at.y - this.held.last.y, this.image, this.room);
    else this.tool.move(this.spot(at));
    this.held.last = at;
    this.repaint();
  }

  up(): void {
    const held = this.held;
    this.held = this.pinching = null;
    if (!held) return;
    if (!this.hand) this.tool.up();
    else if (distance(held.start, held.last) < TAP_SLOP) this.tool.tap(this.spot(held.last));
    this.repaint();
  }

  cancel(): void {
    this.held = this.pinching = null;
    this.tool.cancel();
    this.repaint();
  }

  pinchStart(from: [Point, Point]): void {
    this.cancel();
    this.pinching = { view: this.view, from };
  }

  pinchMove(to: [Point, Point]): void {
    if (this.pinching) this.look(pinch(this.pinching.view, this.pinching.from, to, this.image, this.room));
  }

  zoom(factor: number, at: Point = { x: this.room.width / 2, y: this.room.height / 2 }): void {
    this.look(zoomAt(this.view, factor, at, this.image, this.room));
  }

  nudge(dx: number, dy: number): void {
    if (!this.tool.nudge(dx, dy)) this.view = pan(this.view, -dx * VIEW_STEP, -dy * VIEW_STEP, this.image, this.room);
    this.repaint();
  }

  /** The keys that every picture understands; false: not one of them. */
  press(key: string, step: number): boolean {
    const arrow = ARROWS[key];
    if (arrow) this.nudge(arrow[0] * step, arrow[1] * step);
    else if (key === "+" || key === "=") this.zoom(ZOOM);
    else if (key === "-") this.zoom(1 / ZOOM);
    else return false;
    return true;
  }

  zoomIn = (): void => this.zoom(ZOOM);
  zoomOut = (): void => this.zoom(1 / ZOOM);

  /** The middle of what is seen, for hands that cannot point. */
  get middle(): Rect {
    const { width, height } = this.room;
    const [from, to] = [this.inside({ x: width * 0.35, y: height * 0.35 }), this.inside({ x: width * 0.65, y: height * 0.65 })];
    return { ...from, width: to.x - from.x, height: to.y - from.y };
  }

  private get room(): Size {
    return this.screen ?? this.image;
  }

  private look(view: View): void {
    this.view = view;
    if (isZoomed(view, this.image, this.room)) this.tool.looked();
    this.repaint();
  }

  private spot(screen: Point): Spot {
    return { at: this.inside(screen), screen, px: 1 / this.view.scale };
  }

  private inside(screen: Point): Point {
    const { x, y } = toImage(this.view, screen);
    return { x: Math.max(0, Math.min(this.image.width, x)), y: Math.max(0, Math.min(this.image.height, y)) };
  }
}
