import {
  contains, distance, handleAt, handlePoint, move, rectOfPoints, resize, settle, smallestAt,
  type Handle, type Point, type Rect, type Size,
} from "@app/geometry/box";
import { fit, isZoomed, pan, pinch, toImage, toScreen, zoomAt, type View } from "@app/geometry/viewport";
import type { ChangeKind } from "@app/app/widget";

export type Box = Rect & { label: string };
/** `points`: extreme taps of a box that is not yet complete; `looked`: she zoomed in at least once. */
export type BoxDraft = { boxes: Box[]; points: Point[]; looked: boolean };
export type Mode = "taps" | "drag" | "hand";

type Gesture =
  | { kind: "point"; at: Point; from: Point; start: Point }
  | { kind: "draw"; from: Point; to: Point }
  | { kind: "select"; index: number }
  | { kind: "move"; grab: Point; to: Point }
  | { kind: "resize"; handle: Handle; to: Point }
  | { kind: "pan"; start: Point; last: Point };

const HANDLE_REACH = 24; // CSS pixels around a handle: a 48 px target
const EDGE_REACH = 10;
const TAP_SLOP = 6;
const DRAG_MEANT = 64; // a finger that corrects a tap under the loupe does not go this far

/** The boxes tool without a screen: pointers in, draft and view out. Screen points are CSS pixels of the canvas. */
export class BoxTool {
  draft: BoxDraft = { boxes: [], points: [], looked: false };
  mode: Mode = "taps";
  label = "";
  selected = -1;
  handle: Handle | null = null;
  view: View = { scale: 1, x: 0, y: 0 };
  gesture: Gesture | null = null;
  touch = false;
  private pinching: { view: View; from: [Point, Point] } | null = null;
  private screen: Size | null = null; // not laid out yet

  constructor(
    readonly image: Size,
    private onDraft: (draft: BoxDraft, how: ChangeKind) => void,
    private onPaint: () => void,
  ) {}

  /** A draft from outside: a suggestion taken, an undo. */
  load(draft: BoxDraft): void {
    if (draft === this.draft) return;
    this.draft = draft;
    if (this.selected >= draft.boxes.length) this.select(-1);
    this.onPaint();
  }

  setScreen(screen: Size): void {
    const zoomed = this.screen && isZoomed(this.view, this.image, this.screen);
    this.screen = screen;
    this.view = zoomed ? pan(this.view, 0, 0, this.image, screen) : fit(this.image, screen);
    this.onPaint();
  }

  private get room(): Size {
    return this.screen ?? this.image;
  }

  private panned(dx: number, dy: number): View {
    return pan(this.view, dx, dy, this.image, this.room);
  }

  select(index: number): void {
    this.selected = index;
    this.handle = null;
    const box = this.draft.boxes[index];
    if (box) this.label = box.label;
    this.onPaint();
  }

  setLabel(label: string): void {
    this.label = label;
    const box = this.draft.boxes[this.selected];
    if (box && box.label !== label) this.replaceSelected({ ...box, label }, "step");
    this.onPaint();
  }

  setMode(mode: Mode): void {
    this.mode = mode;
    if (this.draft.points.length) this.commit({ ...this.draft, points: [] }, "step");
    this.onPaint();
  }

  /** The boxes as they look right now, the one under the finger included. */
  get shown(): Box[] {
    const box = this.draft.boxes[this.selected];
    const moved = box && this.movedBy(this.gesture, box);
    const boxes = moved ? this.draft.boxes.map((other) => (other === box ? { ...moved, label: box.label } : other)) : this.draft.boxes;
    if (this.gesture?.kind !== "draw") return boxes;
    return [...boxes, { ...settle(rectOfPoints([this.gesture.from, this.gesture.to]), this.image), label: this.label }];
  }

  /** Where the finger aims, for the loupe; null when nothing fine is being done. */
  get aim(): Point | null {
    const gesture = this.gesture;
    if (gesture?.kind === "point") return gesture.at;
    return gesture?.kind === "draw" || gesture?.kind === "resize" ? gesture.to : null;
  }

  down(screenPoint: Point, touch: boolean): void {
    this.touch = touch;
    this.gesture = this.begin(screenPoint, this.inside(toImage(this.view, screenPoint)));
    this.onPaint();
  }

  private begin(screenPoint: Point, at: Point): Gesture {
    if (this.mode === "hand") return { kind: "pan", start: screenPoint, last: screenPoint };
    const box = this.draft.boxes[this.selected];
    if (box && !this.draft.points.length) {
      const handle = handleAt(box, at, HANDLE_REACH / this.view.scale);
      if (handle) return { kind: "resize", handle, to: at };
      if (contains(box, at)) return { kind: "move", grab: at, to: at };
    }
    if (this.mode === "drag") return { kind: "draw", from: at, to: at };
    const edge = this.draft.points.length ? -1 : this.edgeAt(at);
    return edge >= 0 ? { kind: "select", index: edge } : { kind: "point", at, from: at, start: screenPoint };
  }

  /** Tapping a box on its edge selects it; its inside stays free for the taps of a box within. */
  private edgeAt(at: Point): number {
    const reach = EDGE_REACH / this.view.scale;
    const index = smallestAt(this.draft.boxes, at, reach);
    const box = this.draft.boxes[index];
    return box && !contains(box, at, -reach) ? index : -1;
  }

  moveTo(screenPoint: Point): void {
    const gesture = this.gesture;
    if (!gesture || gesture.kind === "select") return;
    if (gesture.kind === "pan") {
      this.view = this.panned(screenPoint.x - gesture.last.x, screenPoint.y - gesture.last.y);
      gesture.last = screenPoint;
    } else {
      const at = this.inside(toImage(this.view, screenPoint));
      if (gesture.kind !== "point") gesture.to = at;
      else if (this.draft.points.length || distance(gesture.start, screenPoint) < DRAG_MEANT) gesture.at = at;
      else this.gesture = { kind: "draw", from: gesture.from, to: at }; // most people drag first
    }
    this.onPaint();
  }

  up(): void {
    const gesture = this.gesture;
    this.gesture = null;
    if (gesture) this.finish(gesture);
    this.onPaint();
  }

  cancel(): void {
    this.gesture = null;
    this.onPaint();
  }

  private finish(gesture: Gesture): void {
    if (gesture.kind === "point") return this.addPoint(gesture.at);
    if (gesture.kind === "select") return this.select(gesture.index);
    if (gesture.kind === "pan") return this.finishPan(gesture);
    if (gesture.kind === "draw") return this.finishDraw(gesture);
    const box = this.draft.boxes[this.selected];
    const moved = box && this.movedBy(gesture, box);
    if (gesture.kind === "resize") this.handle = gesture.handle;
    if (moved && !sameRect(moved, box)) this.replaceSelected({ ...moved, label: box.label }, "step");
  }

  private finishPan(gesture: { start: Point; last: Point }): void {
    if (distance(gesture.start, gesture.last) < TAP_SLOP) this.selectAt(toImage(this.view, gesture.last));
  }

  private finishDraw({ from, to }: { from: Point; to: Point }): void {
    const tapped = distance(toScreen(this.view, from), toScreen(this.view, to)) < TAP_SLOP;
    if (tapped) this.selectAt(to);
    else this.addBox(rectOfPoints([from, to]));
  }

  private selectAt(at: Point): void {
    this.select(smallestAt(this.draft.boxes, at, EDGE_REACH / this.view.scale));
  }

  private movedBy(gesture: Gesture | null, box: Box): Rect | null {
    if (gesture?.kind === "resize") return resize(box, gesture.handle, gesture.to, this.image);
    if (gesture?.kind === "move") return move(box, gesture.to.x - gesture.grab.x, gesture.to.y - gesture.grab.y, this.image);
    return null;
  }

  /** An extreme point of the object: top, left, bottom and right, in any order; the fourth makes the box. */
  private addPoint(at: Point): void {
    const points = [...this.draft.points, { x: Math.round(at.x), y: Math.round(at.y) }];
    if (points.length === 4) return this.addBox(rectOfPoints(points));
    this.selected = -1;
    this.commit({ ...this.draft, points }, "step");
  }

  private addBox(rect: Rect): void {
    const boxes = [...this.draft.boxes, { ...settle(rect, this.image), label: this.label }];
    this.commit({ ...this.draft, boxes, points: [] }, "step");
    this.select(boxes.length - 1);
  }

  /** For hands that cannot point: a box in the middle of what is seen, to be moved and sized by keys. */
  addInTheMiddle(): void {
    const { width, height } = this.room;
    const middle = [toImage(this.view, { x: width * 0.35, y: height * 0.35 }), toImage(this.view, { x: width * 0.65, y: height * 0.65 })];
    this.addBox(rectOfPoints(middle.map((point) => this.inside(point))));
  }

  /** One step of the nudge keys: the last tap, the handle chosen last, or the whole box; no box: the view. */
  nudge(dx: number, dy: number): void {
    const { points } = this.draft;
    const box = this.draft.boxes[this.selected];
    if (points.length) {
      const last = this.inside({ x: points.at(-1)!.x + dx, y: points.at(-1)!.y + dy });
      this.commit({ ...this.draft, points: [...points.slice(0, -1), last] }, "typing");
    } else if (box) {
      const corner = this.handle && handlePoint(box, this.handle);
      const rect = corner ? resize(box, this.handle!, { x: corner.x + dx, y: corner.y + dy }, this.image) : move(box, dx, dy, this.image);
      this.replaceSelected({ ...rect, label: box.label }, "typing");
    } else {
      this.view = this.panned(-dx * 20, -dy * 20);
    }
    this.onPaint();
  }

  /** The nudge keys act on the whole box, or on its lower right corner. */
  toggleSizing(): void {
    this.handle = this.handle ? null : "se";
    this.onPaint();
  }

  remove(): void {
    if (this.selected < 0) return;
    const boxes = this.draft.boxes.filter((_, k) => k !== this.selected);
    this.select(-1);
    this.commit({ ...this.draft, boxes }, "step");
  }

  zoom(factor: number, at: Point = { x: this.room.width / 2, y: this.room.height / 2 }): void {
    this.look(zoomAt(this.view, factor, at, this.image, this.room));
  }

  pinchStart(from: [Point, Point]): void {
    this.gesture = null;
    this.pinching = { view: this.view, from };
    this.onPaint();
  }

  pinchMove(to: [Point, Point]): void {
    if (this.pinching) this.look(pinch(this.pinching.view, this.pinching.from, to, this.image, this.room));
  }

  private look(view: View): void {
    this.view = view;
    if (!this.draft.looked && isZoomed(view, this.image, this.room)) this.commit({ ...this.draft, looked: true }, "silent");
    this.onPaint();
  }

  private replaceSelected(box: Box, how: ChangeKind): void {
    const boxes = this.draft.boxes.map((other, k) => (k === this.selected ? box : other));
    this.commit({ ...this.draft, boxes }, how);
  }

  private commit(draft: BoxDraft, how: ChangeKind): void {
    this.draft = draft;
    this.onDraft(draft, how);
    this.onPaint();
  }

  private inside(point: Point): Point {
    return { x: Math.max(0, Math.min(this.image.width, point.x)), y: Math.max(0, Math.min(this.image.height, point.y)) };
  }
}

const sameRect = (a: Rect, b: Rect): boolean => a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
