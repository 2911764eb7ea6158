import { distance, type Point, type Size } from "@app/geometry/box";
import { fit, isZoomed, opening, pan, pinch, zoomAt, type View } from "@app/geometry/viewport";

const TAP_SLOP = 8;
const DOUBLE_MS = 320;
const DOUBLE_ZOOM = 3;

/** A hand that only looks: one finger moves the picture, two zoom it, a double tap comes near and goes back. */
export class Looking {
  view: View = { scale: 1, x: 0, y: 0 };
  private screen: Size | null = null;
  private held: { start: Point; last: Point } | null = null;
  private pinching: { view: View; from: [Point, Point] } | null = null;
  private tapped = { atMs: -DOUBLE_MS, at: { x: 0, y: 0 } };

  constructor(
    readonly image: Size,
    private onView: () => void,
  ) {}

  setScreen(screen: Size): void {
    const zoomed = this.screen && isZoomed(this.view, this.image, this.screen);
    this.screen = screen;
    this.show(zoomed ? pan(this.view, 0, 0, this.image, screen) : opening(this.image, screen));
  }

  down(at: Point): void {
    this.held = { start: at, last: at };
  }

  moveTo(at: Point): void {
    if (!this.held) return;
    this.pan(at.x - this.held.last.x, at.y - this.held.last.y);
    this.held.last = at;
  }

  up(): void {
    const held = this.held;
    this.held = this.pinching = null;
    if (held && distance(held.start, held.last) < TAP_SLOP) this.tap(held.last);
  }

  cancel(): void {
    this.held = this.pinching = null;
  }

  pinchStart(from: [Point, Point]): void {
    this.held = null;
    this.pinching = { view: this.view, from };
  }

  pinchMove(to: [Point, Point]): void {
    if (this.pinching) this.show(pinch(this.pinching.view, this.pinching.from, to, this.image, this.room));
  }

  pan(dx: number, dy: number): void {
    this.show(pan(this.view, dx, dy, this.image, this.room));
  }

  zoom(factor: number, at: Point = { x: this.room.width / 2, y: this.room.height / 2 }): void {
    this.show(zoomAt(this.view, factor, at, this.image, this.room));
  }

  private tap(at: Point, nowMs = performance.now()): void {
    const twice = nowMs - this.tapped.atMs < DOUBLE_MS && distance(at, this.tapped.at) < 4 * TAP_SLOP;
    this.tapped = { atMs: twice ? -DOUBLE_MS : nowMs, at };
    if (!twice) return;
    if (isZoomed(this.view, this.image, this.room)) this.show(fit(this.image, this.room));
    else this.zoom(DOUBLE_ZOOM, at);
  }

  private get room(): Size {
    return this.screen ?? this.image;
  }

  private show(view: View): void {
    this.view = view;
    this.onView();
  }
}
