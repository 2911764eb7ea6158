import {
  contains, distance, handleAt, handlePoint, move, rectOfPoints, resize, settle, smallestAt,
  type Handle, type Point, type Rect, type Size,
} from "@app/geometry/box";
import { isZoomed, opening, pan, pinch, toImage, toScreen, zoomAt, type View } from "@app/geometry/viewport";
import type { ChangeKind } from "@app/app/widget";

export type Box = Rect & { label: string };
/** `points`: extreme taps of a box that is not yet complete; `looked`: she zoomed in at least once. */
export type BoxDraft = { boxes: Box[]; points: Point[]; looked: boolean };
export type Mode = "taps" | "drag" | "hand";

type Gesture =
  | { kind: "point"; at: Point; from: Point; start: Point }
  | { kind: "draw"; from: Point; to: Point }
  | { kind: "move"; handle: Handle | null; grab: Point; to: Point; start: Point; meant: boolean }
  | { kind: "pan"; start: Point; last: Point };

/** What happened to a box, for who does not see it. */
export type Said = "added" | "moved" | "named" | "removed";

const HANDLE_REACH = 24; // CSS pixels around a handle: a 48 px target; less around a small box, whose middle moves it
const EDGE_REACH = 10;
const TAP_SLOP = 6; // a finger that stands still does not stand quite still: under this nothing is meant
const DRAG_MEANT = 64; // a finger that corrects a tap under the loupe does not go this far

/**
 * The boxes tool without a screen: pointers in, draft and view out. Screen points are CSS pixels of the canvas.
 * A box is `live`, so that fingers on the picture reshape it, only after a tap that meant it: in a row of things the next one is
 * often nearer than a finger is wide, and drawing it must never change the last.
 */
export class BoxTool {
  draft: BoxDraft = { boxes: [], points: [], looked: false };
  mode: Mode = "taps";
  label = "";
  selected = -1;
  live = false;
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
    private onSay: (said: Said, index: number, box: Box) => void = () => undefined,
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
    this.view = zoomed ? pan(this.view, 0, 0, this.image, screen) : opening(this.image, screen);
    this.onPaint();
  }

  private get room(): Size {
    return this.screen ?? this.image;
  }

  private panned(dx: number, dy: number): View {
    return pan(this.view, dx, dy, this.image, this.room);
  }

  /** live: she tapped it, or its key. */
  select(index: number, live = index >= 0): void {
    this.selected = index;
    this.live = live;
    this.handle = null;
    const box = this.draft.boxes[index];
    if (box) this.label = box.label;
    this.onPaint();
  }

  setLabel(label: string): void {
    this.label = label;
    const box = this.draft.boxes[this.selected];
    if (box && box.label !== label) this.replaceSelected({ ...box, label }, "step", "named");
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
    const moved = box && this.moved(box);
    const boxes = moved ? this.draft.boxes.map((other) => (other === box ? { ...moved, label: box.label } : other)) : this.draft.boxes;
    if (this.gesture?.kind !== "draw") return boxes;
    return [...boxes, { ...settle(rectOfPoints([this.gesture.from, this.gesture.to]), this.image), label: this.label }];
  }

  /** The box under the finger right now, or -1: all others stand still. */
  get moving(): number {
    return this.gesture?.kind === "move" ? this.selected : -1;
  }

  /** Where the finger aims, for the loupe; null when nothing fine is being done. */
  get aim(): Point | null {
    const gesture = this.gesture;
    if (gesture?.kind === "point") return gesture.at;
    if (gesture?.kind === "draw") return gesture.to;
    const box = this.draft.boxes[this.selected];
    if (gesture?.kind !== "move" || !gesture.handle || !gesture.meant || !box) return null;
    return handlePoint(this.moved(box) ?? box, gesture.handle); // what is being placed: the corner, not the finger
  }

  down(screenPoint: Point, touch: boolean): void {
    this.touch = touch;
    this.gesture = this.begin(screenPoint, this.inside(toImage(this.view, screenPoint)));
    this.onPaint();
  }

  private begin(screenPoint: Point, at: Point): Gesture {
    if (this.mode === "hand") return { kind: "pan", start: screenPoint, last: screenPoint };
    const box = this.live ? this.draft.boxes[this.selected] : undefined;
    if (box) {
      const handle = handleAt(box, at, this.reachOf(box));
      if (handle || contains(box, at)) return { kind: "move", handle, grab: at, to: at, start: screenPoint, meant: false };
    }
    return this.mode === "drag" ? { kind: "draw", from: at, to: at } : { kind: "point", at, from: at, start: screenPoint };
  }

  private reachOf(box: Rect): number {
    return Math.min(HANDLE_REACH / this.view.scale, Math.max(Math.min(box.width, box.height) / 3, 8 / this.view.scale));
  }

  moveTo(screenPoint: Point): void {
    const gesture = this.gesture;
    if (!gesture) return;
    if (gesture.kind === "pan") {
      this.view = this.panned(screenPoint.x - gesture.last.x, screenPoint.y - gesture.last.y);
      gesture.last = screenPoint;
    } else {
      const at = this.inside(toImage(this.view, screenPoint));
      if (gesture.kind === "move") gesture.meant ||= distance(gesture.start, screenPoint) >= TAP_SLOP;
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
    if (gesture.kind === "pan") return this.finishPan(gesture);
    if (gesture.kind === "draw") return this.finishDraw(gesture);
    const box = this.draft.boxes[this.selected];
    const moved = box && this.moved(box, gesture);
    if (gesture.handle) this.handle = gesture.handle;
    if (moved && !sameRect(moved, box)) this.replaceSelected({ ...moved, label: box.label }, "step", "moved");
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

  /** By as much as the finger has gone, from wherever it took hold: nothing jumps to it. */
  private moved(box: Box, gesture = this.gesture): Rect | null {
    if (gesture?.kind !== "move" || !gesture.meant) return null;
    const [dx, dy] = [gesture.to.x - gesture.grab.x, gesture.to.y - gesture.grab.y];
    if (!gesture.handle) return move(box, dx, dy, this.image);
    const corner = handlePoint(box, gesture.handle);
    return resize(box, gesture.handle, { x: corner.x + dx, y: corner.y + dy }, this.image);
  }

  /** An extreme point of the object: top, left, bottom and right, in any order; the fourth makes the box. */
  private addPoint(at: Point): void {
    const points = [...this.draft.points, { x: Math.round(at.x), y: Math.round(at.y) }];
    if (points.length === 4) return this.addBox(rectOfPoints(points));
    this.select(-1);
    this.commit({ ...this.draft, points }, "step");
  }

  private addBox(rect: Rect): void {
    const boxes = [...this.draft.boxes, { ...settle(rect, this.image), label: this.label }];
    this.commit({ ...this.draft, boxes, points: [] }, "step");
    this.select(boxes.length - 1, false);
    this.onSay("added", this.selected, boxes[this.selected]!);
  }

  /** The next or the one before, for who has no finger on the picture. */
  step(by: 1 | -1): void {
    const count = this.draft.boxes.length;
    if (count) this.select(((this.selected < 0 && by < 0 ? 0 : this.selected) + by + count) % count);
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
      this.replaceSelected({ ...rect, label: box.label }, "typing", "moved");
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
    const index = this.selected;
    const boxes = this.draft.boxes.filter((_, k) => k !== index);
    const gone = this.draft.boxes[index]!;
    this.select(-1);
    this.commit({ ...this.draft, boxes }, "step");
    this.onSay("removed", index, gone);
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

  private replaceSelected(box: Box, how: ChangeKind, said: Said): void {
    const boxes = this.draft.boxes.map((other, k) => (k === this.selected ? box : other));
    this.commit({ ...this.draft, boxes }, how);
    this.onSay(said, this.selected, box);
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
