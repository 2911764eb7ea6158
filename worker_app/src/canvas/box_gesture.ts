import { contains, distance, handleAt, handlePoint, move, rectOfPoints, settle, sizeBy, type Handle, type Point, type Rect, type Size } from "@app/geometry/box";
import { TAP_SLOP, type Spot } from "./stage";

type Gesture = { kind: "point"; start: Spot; at: Point } | { kind: "draw"; start: Spot; to: Spot } | { kind: "move"; handle: Handle | null; start: Spot; to: Point; meant: boolean };

/** What a finger has done when it lifts. */
export type Done = { kind: "point"; at: Point } | { kind: "drawn"; rect: Rect } | { kind: "tap"; spot: Spot } | { kind: "moved"; handle: Handle | null };

const HANDLE_REACH = 24; // CSS pixels around a handle: a 48 px target; less around a small box, whose middle moves it
const MIN_REACH = 8;
const DRAG_MEANT = 64; // a finger that corrects a tap under the loupe does not go this far

/** A finger and boxes: it sets a point around one, draws one from corner to corner, or moves or sizes the one that it took hold of. */
export class BoxGesture {
  private now: Gesture | null = null;

  constructor(private readonly image: Size) {}

  point(start: Spot): void {
    this.now = { kind: "point", start, at: start.at };
  }

  draw(start: Spot): void {
    this.now = { kind: "draw", start, to: start };
  }

  /** Of a handle that is near, else of all of it. */
  takeHold(box: Rect, start: Spot): void {
    this.now = { kind: "move", handle: handleNear(box, start), start, to: start.at, meant: false };
  }

  /** mayDraw: a finger that sets a point and goes far draws instead; most people drag first. */
  move(spot: Spot, mayDraw: boolean): void {
    const { now } = this;
    if (!now) return;
    const gone = distance(now.start.screen, spot.screen);
    if (now.kind === "move") {
      now.meant ||= gone >= TAP_SLOP;
      now.to = spot.at;
    } else if (now.kind === "draw") now.to = spot;
    else if (!mayDraw || gone < DRAG_MEANT) now.at = spot.at;
    else this.now = { kind: "draw", start: now.start, to: spot };
  }

  /** Ask `moved` before: afterwards it holds nothing any more. */
  up(): Done | null {
    const { now } = this;
    this.now = null;
    if (!now) return null;
    if (now.kind === "point") return { kind: "point", at: now.at };
    if (now.kind === "move") return { kind: "moved", handle: now.handle };
    return distance(now.start.screen, now.to.screen) < TAP_SLOP ? { kind: "tap", spot: now.to } : { kind: "drawn", rect: rectOfPoints([now.start.at, now.to.at]) };
  }

  cancel(): void {
    this.now = null;
  }

  /** Where the box is that it holds: gone by as much as the finger has, from wherever it took hold; nothing jumps to it. */
  moved(box: Rect): Rect | null {
    const { now } = this;
    if (now?.kind !== "move" || !now.meant) return null;
    const [dx, dy] = [now.to.x - now.start.at.x, now.to.y - now.start.at.y];
    return now.handle ? sizeBy(box, now.handle, dx, dy, this.image) : move(box, dx, dy, this.image);
  }

  /** The box that is being drawn. */
  get drawn(): Rect | null {
    return this.now?.kind === "draw" ? settle(rectOfPoints([this.now.start.at, this.now.to.at]), this.image) : null;
  }

  /** What is being placed: of a box that is sized the corner, not the finger. */
  aim(box: Rect | null | undefined): Point | null {
    const { now } = this;
    if (now?.kind === "point") return now.at;
    if (now?.kind === "draw") return now.to.at;
    return now?.handle && now.meant && box ? handlePoint(this.moved(box) ?? box, now.handle) : null;
  }
}

const handleNear = (box: Rect, { at, px }: Spot): Handle | null => handleAt(box, at, Math.min(HANDLE_REACH * px, Math.max(Math.min(box.width, box.height) / 3, MIN_REACH * px)));

/** Whether a finger here takes hold of the box. */
export const holds = (box: Rect, spot: Spot): boolean => handleNear(box, spot) !== null || contains(box, spot.at);
