import { distance, type Point, type Rect } from "@app/geometry/box";
import { toScreen, type View } from "@app/geometry/viewport";
import { ShapesTool } from "@app/canvas/shapes_tool";
import { TAP_SLOP, type Spot } from "@app/canvas/stage";
import { boundsOf, cornerAt, covers, faultOf, MIN_CORNERS, middleOfSide, MAX_CORNERS, settle, shifted, sideAt, simplified, untangled, type Ring } from "./ring";

/** `open`: it is being drawn, and its end is not joined to its beginning yet. */
export type Polygon = { label: string; points: Ring; open?: true };

type Gesture =
  { kind: "corner"; start: Spot; at: Point; trail: Point[] } | { kind: "trace"; start: Spot; trail: Point[] } | { kind: "move"; start: Spot; to: Point; ring: Ring; corner: number; meant: boolean };

const CORNER_REACH = 24; // CSS pixels around a corner: a 48 px target
const SIDE_REACH = 14;
const DRAG_MEANT = 64; // a finger that corrects a tap under the loupe does not go this far
const TRACE_OFF = 1.5; // CSS pixels that a traced line may be simplified by
const TRACED_CORNERS = 60;

/** Outlines: corner by corner, or traced in one go. What would cross itself is not taken. */
export class PolygonTool extends ShapesTool<Polygon> {
  corner = -1;
  private gesture: Gesture | null = null;

  override select(index: number, live = index >= 0): void {
    this.corner = -1;
    super.select(index, live);
  }

  get handleAt(): number {
    return this.corner;
  }

  get shown(): Polygon[] {
    const { chosen, gesture } = this;
    const ring = chosen && this.moved();
    const shapes = ring ? this.draft.shapes.map((other) => (other === chosen ? { ...chosen, points: ring } : other)) : this.draft.shapes;
    const drawn = gesture?.kind === "trace" ? gesture.trail : this.draft.points.length ? [...this.draft.points, ...(this.aim ? [this.aim] : [])] : [];
    return drawn.length ? [...shapes, { label: this.label, points: drawn, open: true }] : shapes;
  }

  get aim(): Point | null {
    const { gesture } = this;
    if (gesture?.kind === "corner") return this.closes(gesture.at, gesture.start.px) ? this.draft.points[0]! : gesture.at;
    if (gesture?.kind === "trace") return gesture.trail.at(-1)!;
    return gesture?.kind === "move" && gesture.meant && gesture.corner >= 0 ? (this.moved()?.[gesture.corner] ?? null) : null;
  }

  down(spot: Spot): void {
    this.gesture = this.begin(spot);
  }

  private begin(start: Spot): Gesture {
    const ring = this.live ? this.chosen?.points : undefined;
    if (ring) {
      const corner = cornerAt(ring, start.at, this.reachIn(ring, start.px));
      if (corner >= 0) return { kind: "move", start, to: start.at, ring, corner, meant: false };
      const side = sideAt(ring, start.at, SIDE_REACH * start.px);
      if (side >= 0 && ring.length < MAX_CORNERS) return { kind: "move", start, to: start.at, ring: inserted(ring, side, start.at), corner: side + 1, meant: false };
      if (covers(ring, start.at)) return { kind: "move", start, to: start.at, ring, corner: -1, meant: false };
    }
    return this.mode === "drag" ? { kind: "trace", start, trail: [start.at] } : { kind: "corner", start, at: start.at, trail: [start.at] };
  }

  /** Around a small outline less, so that its middle can be taken hold of. */
  private reachIn(ring: Ring, px: number): number {
    const { width, height } = boundsOf(ring);
    return Math.min(CORNER_REACH * px, Math.max(Math.min(width, height) / 3, 8 * px));
  }

  move(spot: Spot): void {
    const { gesture } = this;
    if (!gesture) return;
    if (gesture.kind === "move") {
      gesture.meant ||= distance(gesture.start.screen, spot.screen) >= TAP_SLOP;
      gesture.to = spot.at;
      return;
    }
    gesture.trail.push(spot.at);
    if (gesture.kind === "trace") return;
    gesture.at = spot.at;
    const far = distance(gesture.start.screen, spot.screen) >= DRAG_MEANT;
    if (far && !this.draft.points.length) this.gesture = { kind: "trace", start: gesture.start, trail: gesture.trail }; // many slide around a thing first
  }

  up(): void {
    const { gesture } = this;
    const ring = this.moved();
    const aim = this.aim;
    this.gesture = null;
    if (gesture?.kind === "corner") this.addCorner(aim!, gesture.start.px);
    else if (gesture?.kind === "trace") this.finishTrace(gesture.start, gesture.trail);
    else if (gesture) this.finishMove(gesture, ring);
  }

  cancel(): void {
    this.gesture = null;
  }

  private closes(at: Point, px: number): boolean {
    const { points } = this.draft;
    return points.length >= MIN_CORNERS && distance(at, points[0]!) <= CORNER_REACH * px;
  }

  private addCorner(at: Point, px: number): void {
    if (this.closes(at, px)) return this.close();
    const { points } = this.draft;
    if (points.length >= MAX_CORNERS) return this.hooks.refuse("polygons.most_corners");
    const [corner] = settle([at], this.image);
    if (points.some((other) => other.x === corner!.x && other.y === corner!.y)) return;
    if (!points.length) this.select(-1);
    this.commit({ ...this.draft, points: [...points, corner!] }, "step");
  }

  /** The corners so far become an outline. */
  close(): void {
    if (this.draft.points.length < MIN_CORNERS) return;
    this.addRing(settle(this.draft.points, this.image));
  }

  private finishTrace(start: Spot, trail: Point[]): void {
    const farthest = Math.max(...trail.map((point) => distance(point, start.at)));
    if (farthest < TAP_SLOP * start.px) return this.tap(start);
    this.addRing(untangled(settle(simplified(trail, TRACE_OFF * start.px, TRACED_CORNERS), this.image)));
  }

  private addRing(points: Ring): void {
    if (this.takes(points)) this.add({ label: this.label, points });
  }

  private finishMove({ meant, corner, ring }: Gesture & { kind: "move" }, moved: Ring | null): void {
    const points = meant ? moved : ring; // a tap on a side leaves a corner there
    if (corner >= 0) this.corner = corner;
    if (points && points !== this.chosen?.points && this.reshape(points, "step")) return;
    if (this.corner >= (this.chosen?.points.length ?? 0)) this.corner = -1;
  }

  private moved(): Ring | null {
    const { gesture } = this;
    if (gesture?.kind !== "move" || !gesture.meant) return null;
    const [dx, dy] = [gesture.to.x - gesture.start.at.x, gesture.to.y - gesture.start.at.y];
    return gesture.corner < 0 ? shifted(gesture.ring, dx, dy, this.image) : this.cornerMoved(gesture.ring, gesture.corner, dx, dy);
  }

  private cornerMoved(ring: Ring, corner: number, dx: number, dy: number): Ring {
    return ring.map((point, k) => (k === corner ? this.whole({ x: point.x + dx, y: point.y + dy }) : point));
  }

  private whole(point: Point): Point {
    const { x, y } = this.inside(point);
    return { x: Math.round(x), y: Math.round(y) };
  }

  private takes(ring: Ring): boolean {
    const fault = faultOf(ring);
    if (fault) this.hooks.refuse(fault === "crosses" ? "polygons.crosses" : "polygons.flat");
    return !fault;
  }

  private reshape(points: Ring, how: "step" | "typing"): boolean {
    if (!this.takes(points)) return false;
    this.replaceChosen({ label: this.chosen!.label, points }, how, "moved");
    return true;
  }

  /** The last corner of what is begun, the chosen corner, or the whole outline. */
  nudge(dx: number, dy: number): boolean {
    const { points } = this.draft;
    const ring = this.chosen?.points;
    if (points.length) this.commit({ ...this.draft, points: this.cornerMoved(points, points.length - 1, dx, dy) }, "typing");
    else if (ring) this.reshape(this.corner < 0 ? shifted(ring, dx, dy, this.image) : this.cornerMoved(ring, this.corner, dx, dy), "typing");
    else return false;
    return true;
  }

  /** The next corner of the chosen outline, for who has no finger on the picture. */
  stepCorner(by: 1 | -1): void {
    const count = this.chosen?.points.length ?? 0;
    if (count) this.corner = ((this.corner < 0 && by < 0 ? 0 : this.corner) + by + count) % count;
    this.live ||= count > 0;
    this.hooks.repaint();
  }

  /** A corner more, in the middle of the side after the chosen corner. */
  insertCorner(): void {
    const ring = this.chosen?.points;
    if (!ring) return;
    if (ring.length >= MAX_CORNERS) return this.hooks.refuse("polygons.most_corners");
    const side = Math.max(0, this.corner);
    const points = inserted(ring, side, this.whole(middleOfSide(ring, side)));
    this.replaceChosen({ label: this.chosen!.label, points }, "step", "moved");
    this.corner = side + 1;
    this.hooks.repaint();
  }

  /** The chosen corner, or all of it. */
  override remove(): void {
    const ring = this.chosen?.points;
    if (!ring || this.corner < 0) return super.remove();
    if (ring.length <= MIN_CORNERS) return this.hooks.refuse("polygons.least_corners");
    const corner = this.corner;
    this.corner = -1;
    if (
      !this.reshape(
        ring.filter((_, k) => k !== corner),
        "step",
      )
    )
      this.corner = corner;
  }

  /** Four corners, to be moved by keys. */
  addInTheMiddle({ x, y, width, height }: Rect): void {
    this.addRing(
      settle(
        [
          { x, y },
          { x: x + width, y },
          { x: x + width, y: y + height },
          { x, y: y + height },
        ],
        this.image,
      ),
    );
  }

  protected boundsOf({ points }: Polygon): Rect {
    return boundsOf(points);
  }

  protected override liesAt({ points }: Polygon, at: Point, margin: number): boolean {
    return covers(points, at) || sideAt(points, at, margin) >= 0;
  }

  protected trace(path: Path2D, { points, open }: Polygon, view: View): void {
    points.forEach((point, k) => {
      const { x, y } = toScreen(view, point);
      if (k) path.lineTo(x, y);
      else path.moveTo(x, y);
    });
    if (!open) path.closePath();
  }

  protected handlesOf({ points }: Polygon): Point[] {
    return points;
  }
}

const inserted = (ring: Ring, side: number, at: Point): Ring => [...ring.slice(0, side + 1), { x: Math.round(at.x), y: Math.round(at.y) }, ...ring.slice(side + 1)];
