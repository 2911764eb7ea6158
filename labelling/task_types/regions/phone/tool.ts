import { distance, type Point, type Rect } from "@app/geometry/box";
import { toScreen, type View } from "@app/geometry/viewport";
import { ShapesTool } from "@app/canvas/shapes_tool";
import { TAP_SLOP, type Spot } from "@app/canvas/stage";
import { boundsOf, cornerAt, covers, shifted, type Ring } from "../../polygons/phone/ring";
import { isQuad, lineOf, settled } from "./quad";

/** text: null while nobody has written it, empty where it cannot be read. `open`: it is being drawn. */
export type Region = { label: string; points: Ring; text: string | null; open?: true };

type Gesture = { kind: "tap"; at: Point } | { kind: "move"; start: Spot; to: Point; ring: Ring; corner: number; meant: boolean };

const CORNER_REACH = 24; // CSS pixels around a corner: a 48 px target

/** Lines of text: two taps along the line and one for its height; a tap on a line takes it, and its corners can be moved. */
export class RegionTool extends ShapesTool<Region> {
  corner = -1;
  private gesture: Gesture | null = null;

  override select(index: number, live = index >= 0): void {
    this.corner = -1;
    super.select(index, live);
  }

  get handleAt(): number {
    return this.corner;
  }

  get aim(): Point | null {
    const { gesture } = this;
    if (gesture?.kind === "tap") return gesture.at;
    return gesture?.meant && gesture.corner >= 0 ? (this.moved()?.[gesture.corner] ?? null) : null;
  }

  get shown(): Region[] {
    const { chosen } = this;
    const ring = chosen && this.moved();
    const shapes = ring ? this.draft.shapes.map((other) => (other === chosen ? { ...chosen, points: ring } : other)) : this.draft.shapes;
    const begun = this.begun();
    return begun ? [...shapes, begun] : shapes;
  }

  /** What would be there if the finger were lifted now. */
  private begun(): Region | null {
    const { points } = this.draft;
    if (!points.length) return null;
    const taps = this.gesture?.kind === "tap" ? [...points, this.gesture.at] : points;
    const [a, b, high] = taps;
    const ring = high && lineOf(a!, b!, high);
    return ring ? { label: this.label, points: ring, text: null } : { label: this.label, points: taps, text: null, open: true };
  }

  down(spot: Spot): void {
    const ring = this.live ? this.chosen?.points : undefined;
    if (ring) {
      const corner = cornerAt(ring, spot.at, CORNER_REACH * spot.px);
      if (corner >= 0 || covers(ring, spot.at)) {
        this.gesture = { kind: "move", start: spot, to: spot.at, ring, corner, meant: false };
        return;
      }
    }
    this.gesture = { kind: "tap", at: spot.at };
  }

  move(spot: Spot): void {
    const { gesture } = this;
    if (gesture?.kind === "tap") gesture.at = spot.at;
    if (gesture?.kind !== "move") return;
    gesture.meant ||= distance(gesture.start.screen, spot.screen) >= TAP_SLOP;
    gesture.to = spot.at;
  }

  up(): void {
    const { gesture } = this;
    const ring = this.moved();
    this.gesture = null;
    if (gesture?.kind === "tap") return this.tapped(gesture.at);
    if (!gesture) return;
    if (gesture.corner >= 0) this.corner = gesture.corner;
    if (ring) this.reshape(ring, "step");
    this.hooks.repaint();
  }

  cancel(): void {
    this.gesture = null;
  }

  private tapped(at: Point): void {
    const { points } = this.draft;
    const there = points.length ? -1 : this.draft.shapes.findIndex((shape) => covers(shape.points, at));
    if (there >= 0) return this.select(there);
    if (points.length < 2) {
      if (!points.length) this.select(-1);
      return this.commit({ ...this.draft, points: [...points, at] }, "step");
    }
    const ring = lineOf(points[0]!, points[1]!, at);
    if (ring && this.takes(settled(ring, this.image))) this.add({ label: this.label, points: settled(ring, this.image), text: null });
    else if (!ring) this.hooks.refuse("regions.flat");
  }

  private moved(): Ring | null {
    const { gesture } = this;
    if (gesture?.kind !== "move" || !gesture.meant) return null;
    return this.shiftedBy(gesture.ring, gesture.corner, gesture.to.x - gesture.start.at.x, gesture.to.y - gesture.start.at.y);
  }

  private shiftedBy(ring: Ring, corner: number, dx: number, dy: number): Ring {
    if (corner < 0) return shifted(ring, dx, dy, this.image);
    return settled(
      ring.map((point, k) => (k === corner ? { x: point.x + dx, y: point.y + dy } : point)),
      this.image,
    );
  }

  private takes(ring: Ring): boolean {
    const good = isQuad(ring);
    if (!good) this.hooks.refuse("regions.dent");
    return good;
  }

  private reshape(points: Ring, how: "step" | "typing"): boolean {
    if (!this.takes(points)) return false;
    this.replaceChosen({ ...this.chosen!, points }, how, "moved");
    return true;
  }

  /** The last tap of what is begun, the chosen corner, or the whole line. */
  nudge(dx: number, dy: number): boolean {
    const { points } = this.draft;
    const ring = this.chosen?.points;
    if (points.length) {
      const last = this.inside({ x: points.at(-1)!.x + dx, y: points.at(-1)!.y + dy });
      this.commit({ ...this.draft, points: [...points.slice(0, -1), last] }, "typing");
    } else if (ring) this.reshape(this.shiftedBy(ring, this.corner, dx, dy), "typing");
    else return false;
    return true;
  }

  /** The next corner of the chosen line, for who has no finger on the picture. */
  stepCorner(by: 1 | -1): void {
    if (!this.chosen) return;
    this.corner = ((this.corner < 0 && by < 0 ? 0 : this.corner) + by + 4) % 4;
    this.live = true;
    this.hooks.repaint();
  }

  /** A line to be moved by keys. */
  addInTheMiddle({ x, y, width, height }: Rect): void {
    const [top, bottom] = [y + height * 0.4, y + height * 0.6];
    const ring = settled(
      [
        { x, y: top },
        { x: x + width, y: top },
        { x: x + width, y: bottom },
        { x, y: bottom },
      ],
      this.image,
    );
    if (this.takes(ring)) this.add({ label: this.label, points: ring, text: null });
  }

  protected boundsOf({ points }: Region): Rect {
    return boundsOf(points);
  }

  protected override liesAt({ points }: Region, at: Point): boolean {
    return covers(points, at);
  }

  protected trace(path: Path2D, { points, open }: Region, view: View): void {
    points.forEach((point, k) => {
      const { x, y } = toScreen(view, point);
      if (k) path.lineTo(x, y);
      else path.moveTo(x, y);
    });
    if (!open) path.closePath();
  }

  protected handlesOf({ points }: Region): Point[] {
    return points;
  }
}
