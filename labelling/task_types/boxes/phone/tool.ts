import { handlePoint, HANDLES, move, rectOfPoints, settle, sizeBy, type Handle, type Point, type Rect, type Size } from "@app/geometry/box";
import { type View } from "@app/geometry/viewport";
import { BoxGesture, holds } from "@app/canvas/box_gesture";
import { ShapesTool, type Hooks } from "@app/canvas/shapes_tool";
import type { Spot } from "@app/canvas/stage";
import { onScreen } from "@app/canvas/pen";

export type Box = Rect & { label: string };

/** Boxes: by the four extreme points of a thing, or by dragging from corner to corner. */
export class BoxTool extends ShapesTool<Box> {
  handle: Handle | null = null;
  private readonly gesture: BoxGesture;

  constructor(image: Size, hooks: Hooks<Box>) {
    super(image, hooks);
    this.gesture = new BoxGesture(image);
  }

  override select(index: number, live = index >= 0): void {
    this.handle = null;
    super.select(index, live);
  }

  get shown(): Box[] {
    const { chosen } = this;
    const { drawn } = this.gesture;
    const moved = chosen && this.gesture.moved(chosen);
    const boxes = moved ? this.draft.shapes.map((other) => (other === chosen ? { ...moved, label: chosen.label } : other)) : this.draft.shapes;
    return drawn ? [...boxes, { ...drawn, label: this.label }] : boxes;
  }

  get aim(): Point | null {
    return this.gesture.aim(this.chosen);
  }

  down(spot: Spot): void {
    const box = this.live ? this.chosen : undefined;
    if (box && holds(box, spot)) this.gesture.takeHold(box, spot);
    else if (this.mode === "drag") this.gesture.draw(spot);
    else this.gesture.point(spot);
  }

  move(spot: Spot): void {
    this.gesture.move(spot, this.draft.points.length === 0);
  }

  up(): void {
    const box = this.chosen;
    const moved = box && this.gesture.moved(box);
    const done = this.gesture.up();
    if (done?.kind === "point") this.addPoint(done.at);
    else if (done?.kind === "tap") this.tap(done.spot);
    else if (done?.kind === "drawn") this.addBox(done.rect);
    else if (done) {
      if (done.handle) this.handle = done.handle;
      if (moved && !sameRect(moved, box)) this.replaceChosen({ ...moved, label: box.label }, "step", "moved");
    }
  }

  cancel(): void {
    this.gesture.cancel();
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
      const rect = this.handle ? sizeBy(chosen, this.handle, dx, dy, this.image) : move(chosen, dx, dy, this.image);
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

const sameRect = (a: Rect, b: Rect): boolean => a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
