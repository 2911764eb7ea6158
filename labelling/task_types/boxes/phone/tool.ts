import {
  contains, distance, handleAt, handlePoint, HANDLES, move, rectOfPoints, resize, settle,
  type Handle, type Point, type Rect,
} from "@app/geometry/box";
import { type View } from "@app/geometry/viewport";
import { ShapesTool } from "@app/canvas/shapes_tool";
import { TAP_SLOP, type Spot } from "@app/canvas/stage";
import { onScreen } from "@app/canvas/pen";

export type Box = Rect & { label: string };

type Gesture =
  | { kind: "point"; start: Spot; at: Point }
  | { kind: "draw"; start: Spot; to: Spot }
  | { kind: "move"; handle: Handle | null; start: Spot; to: Point; meant: boolean };

const HANDLE_REACH = 24; // CSS pixels around a handle: a 48 px target; less around a small box, whose middle moves it
const MIN_REACH = 8;
const DRAG_MEANT = 64; // a finger that corrects a tap under the loupe does not go this far

/** Boxes: by the four extreme points of a thing, or by dragging from corner to corner. */
export class BoxTool extends ShapesTool<Box> {
  handle: Handle | null = null;
  private gesture: Gesture | null = null;

  override select(index: number, live = index >= 0): void {
    this.handle = null;
    super.select(index, live);
  }

  get shown(): Box[] {
    const { chosen, gesture } = this;
    const moved = chosen && this.moved(chosen);
    const boxes = moved ? this.draft.shapes.map((other) => (other === chosen ? { ...moved, label: chosen.label } : other)) : this.draft.shapes;
    if (gesture?.kind !== "draw") return boxes;
    return [...boxes, { ...settle(rectOfPoints([gesture.start.at, gesture.to.at]), this.image), label: this.label }];
  }

  get aim(): Point | null {
    const { chosen, gesture } = this;
    if (gesture?.kind === "point") return gesture.at;
    if (gesture?.kind === "draw") return gesture.to.at;
    if (gesture?.kind !== "move" || !gesture.handle || !gesture.meant || !chosen) return null;
    return handlePoint(this.moved(chosen) ?? chosen, gesture.handle); // what is being placed: the corner, not the finger
  }

  down(spot: Spot): void {
    this.gesture = this.begin(spot);
  }

  private begin(start: Spot): Gesture {
    const box = this.live ? this.chosen : undefined;
    if (box) {
      const handle = handleAt(box, start.at, reachOf(box, start.px));
      if (handle || contains(box, start.at)) return { kind: "move", handle, start, to: start.at, meant: false };
    }
    return this.mode === "drag" ? { kind: "draw", start, to: start } : { kind: "point", start, at: start.at };
  }

  move(spot: Spot): void {
    const { gesture } = this;
    if (!gesture) return;
    const gone = distance(gesture.start.screen, spot.screen);
    if (gesture.kind === "move") {
      gesture.meant ||= gone >= TAP_SLOP;
      gesture.to = spot.at;
    } else if (gesture.kind === "draw") gesture.to = spot;
    else if (this.draft.points.length || gone < DRAG_MEANT) gesture.at = spot.at;
    else this.gesture = { kind: "draw", start: gesture.start, to: spot }; // most people drag first
  }

  up(): void {
    const { gesture } = this;
    this.gesture = null;
    if (gesture?.kind === "point") this.addPoint(gesture.at);
    else if (gesture?.kind === "draw") this.finishDraw(gesture.start, gesture.to);
    else if (gesture) this.finishMove(gesture);
  }

  cancel(): void {
    this.gesture = null;
  }

  private finishDraw(start: Spot, to: Spot): void {
    if (distance(start.screen, to.screen) < TAP_SLOP) this.tap(to);
    else this.addBox(rectOfPoints([start.at, to.at]));
  }

  private finishMove(gesture: Gesture & { kind: "move" }): void {
    const box = this.chosen;
    const moved = box && this.moved(box, gesture);
    if (gesture.handle) this.handle = gesture.handle;
    if (moved && !sameRect(moved, box)) this.replaceChosen({ ...moved, label: box.label }, "step", "moved");
  }

  /** By as much as the finger has gone, from wherever it took hold: nothing jumps to it. */
  private moved(box: Box, gesture = this.gesture): Rect | null {
    if (gesture?.kind !== "move" || !gesture.meant) return null;
    const [dx, dy] = [gesture.to.x - gesture.start.at.x, gesture.to.y - gesture.start.at.y];
    return gesture.handle ? this.sized(box, gesture.handle, dx, dy) : move(box, dx, dy, this.image);
  }

  private sized(box: Rect, handle: Handle, dx: number, dy: number): Rect {
    const corner = handlePoint(box, handle);
    return resize(box, handle, { x: corner.x + dx, y: corner.y + dy }, this.image);
  }

  /** An extreme point of the object: top, left, bottom and right, in any order; the fourth makes the box. */
  private addPoint(at: Point): void {
    const points = [...this.draft.points, { x: Math.round(at.x), y: Math.round(at.y) }];
    if (points.length === 4) return this.addBox(rectOfPoints(points));
    this.select(-1);
    this.commit({ ...this.draft, points }, "step");
  }

  private addBox(rect: Rect): void {
    this.add({ ...settle(rect, this.image), label: this.label });
  }

  /** To be moved and sized by keys. */
  addInTheMiddle(middle: Rect): void {
    this.addBox(middle);
  }

  /** The last tap, the handle chosen last, or the whole box. */
  nudge(dx: number, dy: number): boolean {
    const { points } = this.draft;
    const { chosen } = this;
    if (points.length) {
      const last = this.inside({ x: points.at(-1)!.x + dx, y: points.at(-1)!.y + dy });
      this.commit({ ...this.draft, points: [...points.slice(0, -1), last] }, "typing");
    } else if (chosen) {
      const rect = this.handle ? this.sized(chosen, this.handle, dx, dy) : move(chosen, dx, dy, this.image);
      this.replaceChosen({ ...rect, label: chosen.label }, "typing", "moved");
    } else return false;
    return true;
  }

  /** The nudge keys act on the whole box, or on its lower right corner. */
  toggleSizing(): void {
    this.handle = this.handle ? null : "se";
    this.hooks.repaint();
  }

  protected boundsOf(box: Box): Rect {
    return box;
  }

  protected trace(path: Path2D, box: Box, view: View): void {
    const { x, y, width, height } = onScreen(view, box);
    path.rect(x, y, width, height);
  }

  protected handlesOf(box: Box): Point[] {
    return HANDLES.map((handle) => handlePoint(box, handle));
  }

  get handleAt(): number {
    return this.handle ? HANDLES.indexOf(this.handle) : -1;
  }
}

const reachOf = (box: Rect, px: number): number => Math.min(HANDLE_REACH * px, Math.max(Math.min(box.width, box.height) / 3, MIN_REACH * px));
const sameRect = (a: Rect, b: Rect): boolean => a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
