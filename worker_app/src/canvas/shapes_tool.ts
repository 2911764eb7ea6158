import { contains, area, type Point, type Rect, type Size } from "@app/geometry/box";
import { toScreen, type View } from "@app/geometry/viewport";
import type { Labels, Look } from "@app/app/looks";
import type { ChangeKind } from "@app/app/widget";
import { meets, onScreen, paintHandle, paintPoint, paintTag, strokeAll, strokeChosen } from "./pen";
import type { Layer, Spot, Surface, Tool } from "./stage";

export type Labelled = { label: string };
/** `points`: taps of a shape that is not yet complete; `looked`: she zoomed in at least once. */
export type Drawn<S extends Labelled> = { shapes: S[]; points: Point[]; looked: boolean };
/** What happened to a shape, for who does not see it. */
export type Said = "added" | "moved" | "named" | "removed";
export type Hooks<S extends Labelled> = {
  change(draft: Drawn<S>, how: ChangeKind): void;
  repaint(): void;
  say(said: Said, index: number, shape: S): void;
  /** What she meant can't be: the key of a sentence that says why. */
  refuse(why: string): void;
};

export const nothingDrawn = <S extends Labelled>(): Drawn<S> => ({ shapes: [], points: [], looked: false });

const EDGE_REACH = 10;
const MAX_TAGS = 30; // in a crowd the colour and the list below say which is which

/**
 * Shapes with a label on a picture: which there are, which is chosen, what it is called. What a shape is, and what a finger does to it, a
 * task type says.
 *
 * A shape is `live`, so that fingers on the picture reshape it, only after a tap that meant it: in a row of things the next one is often
 * nearer than a finger is wide, and drawing it must never change the last.
 */
export abstract class ShapesTool<S extends Labelled> implements Tool {
  draft: Drawn<S> = nothingDrawn();
  mode = "taps";
  label = "";
  labels: Labels = new Map();
  selected = -1;
  live = false;

  constructor(
    readonly image: Size,
    protected readonly hooks: Hooks<S>,
  ) {}

  abstract down(spot: Spot): void;
  abstract move(spot: Spot): void;
  abstract up(): void;
  abstract cancel(): void;
  abstract nudge(dx: number, dy: number): boolean;
  abstract readonly aim: Point | null;
  /** The shapes as they look right now, the one under the finger included; one that is being drawn comes last. */
  abstract readonly shown: S[];
  abstract addInTheMiddle(middle: Rect): void;
  protected abstract boundsOf(shape: S): Rect;
  protected abstract trace(path: Path2D, shape: S, view: View): void;
  protected abstract handlesOf(shape: S): Point[];
  /** What of the chosen one the nudge keys move; -1: all of it. */
  abstract readonly handleAt: number;

  /** A draft from outside: a suggestion taken, an undo. */
  load(draft: Drawn<S>): void {
    if (draft === this.draft) return;
    this.draft = draft;
    if (this.selected >= draft.shapes.length) this.select(-1);
    this.hooks.repaint();
  }

  get chosen(): S | undefined {
    return this.draft.shapes[this.selected];
  }

  /** live: she tapped it, or its key. */
  select(index: number, live = index >= 0): void {
    this.selected = index;
    this.live = live;
    if (this.chosen) this.label = this.chosen.label;
    this.hooks.repaint();
  }

  tap({ at, px }: Spot): void {
    this.select(this.shapeAt(at, EDGE_REACH * px));
  }

  /** The smallest under a point, or -1: a small thing in front of a big one can be reached. */
  protected shapeAt(at: Point, margin: number): number {
    let best = -1;
    const size = (k: number) => area(this.boundsOf(this.draft.shapes[k]!));
    this.draft.shapes.forEach((shape, k) => {
      if (this.liesAt(shape, at, margin) && (best < 0 || size(k) < size(best))) best = k;
    });
    return best;
  }

  protected liesAt(shape: S, at: Point, margin: number): boolean {
    return contains(this.boundsOf(shape), at, margin);
  }

  setLabel(label: string): void {
    this.label = label;
    if (this.chosen && this.chosen.label !== label) this.replaceChosen({ ...this.chosen, label }, "step", "named");
    this.hooks.repaint();
  }

  setMode(mode: string): void {
    this.mode = mode;
    if (this.draft.points.length) this.commit({ ...this.draft, points: [] }, "step");
    this.hooks.repaint();
  }

  /** The next or the one before, for who has no finger on the picture. */
  step(by: 1 | -1): void {
    const count = this.draft.shapes.length;
    if (count) this.select(((this.selected < 0 && by < 0 ? 0 : this.selected) + by + count) % count);
  }

  remove(): void {
    const gone = this.chosen;
    if (!gone) return;
    const index = this.selected;
    this.select(-1);
    this.commit({ ...this.draft, shapes: this.draft.shapes.filter((shape) => shape !== gone) }, "step");
    this.hooks.say("removed", index, gone);
  }

  looked(): void {
    if (!this.draft.looked) this.commit({ ...this.draft, looked: true }, "silent");
  }

  protected add(shape: S): void {
    const shapes = [...this.draft.shapes, shape];
    this.commit({ ...this.draft, shapes, points: [] }, "step");
    this.select(shapes.length - 1, false);
    this.hooks.say("added", this.selected, shape);
  }

  protected replaceChosen(shape: S, how: ChangeKind, said: Said): void {
    const shapes = this.draft.shapes.map((other, k) => (k === this.selected ? shape : other));
    this.commit({ ...this.draft, shapes }, how);
    this.hooks.say(said, this.selected, shape);
  }

  protected commit(draft: Drawn<S>, how: ChangeKind): void {
    this.draft = draft;
    this.hooks.change(draft, how);
    this.hooks.repaint();
  }

  protected inside({ x, y }: Point): Point {
    return { x: Math.max(0, Math.min(this.image.width, x)), y: Math.max(0, Math.min(this.image.height, y)) };
  }

  get still(): readonly unknown[] {
    return [this.draft.shapes, this.selected, this.labels];
  }

  paint(surface: Surface, layer: Layer): void {
    if (layer === "still") this.paintStill(surface);
    else this.paintLive(surface);
  }

  /** All but the chosen one, by colour. Two hundred are a few strokes, not six hundred. */
  private paintStill({ pen, view, frame, brief }: Surface): void {
    const seen = this.draft.shapes.map((shape, k) => ({ shape, rect: onScreen(view, this.boundsOf(shape)), k })).filter(({ rect, k }) => k !== this.selected && meets(rect, frame));
    const byColour = new Map<string, Path2D>();
    const all = new Path2D();
    for (const { shape } of seen) {
      const { colour } = this.lookOf(shape);
      if (!byColour.has(colour)) byColour.set(colour, new Path2D());
      for (const path of [all, byColour.get(colour)!]) this.trace(path, shape, view);
    }
    strokeAll(pen, all, byColour, brief);
    if (!brief && seen.length <= MAX_TAGS) for (const { shape, rect } of seen) paintTag(pen, rect, this.lookOf(shape));
  }

  /** On top: the chosen one as it is right now, the one being drawn, and the taps of one that is begun. */
  private paintLive({ pen, view }: Surface): void {
    const { shown } = this;
    const drawn = shown.length > this.draft.shapes.length ? shown.length - 1 : -1;
    for (const k of new Set([this.selected, drawn])) {
      const shape = shown[k];
      if (!shape) continue;
      const path = new Path2D();
      this.trace(path, shape, view);
      strokeChosen(pen, path, this.lookOf(shape).colour);
      paintTag(pen, onScreen(view, this.boundsOf(shape)), this.lookOf(shape));
      if (k === this.selected && this.live) this.handlesOf(shape).forEach((at, n) => paintHandle(pen, toScreen(view, at), n === this.handleAt));
    }
    for (const point of this.draft.points) paintPoint(pen, toScreen(view, point));
  }

  private lookOf({ label }: S): Look {
    return this.labels.get(label) ?? { name: label, colour: "#ffffff" };
  }
}
