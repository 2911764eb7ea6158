import type { Labels, Look } from "@app/app/looks";
import type { ChangeKind } from "@app/app/widget";
import { onScreen, paintDot, paintTag, strokeAll, strokeChosen } from "@app/canvas/pen";
import { TAP_SLOP, type Layer, type Spot, type Surface, type Tool } from "@app/canvas/stage";
import { clamp, distance, rectOfPoints, type Point, type Rect, type Size } from "@app/geometry/box";
import { toScreen, type View } from "@app/geometry/viewport";
import { placed, type At, type Draft, type Figure } from "./answer";
import { idsOf, linesOf, type Skeleton } from "./skeleton";

/** What happened to a point, for who does not see it. */
export type Said = "placed" | "hidden" | "absent";
export type Hooks = {
  change(draft: Draft, how: ChangeKind): void;
  repaint(): void;
  say(said: Said, id: string, at: At | null): void;
};

const DOT_REACH = 12; // CSS pixels: parts lie closer to each other than fingers are wide, so a slide always places

/** Named points, one asked for after the other: land, slide, lift. A tap on a dot asks for it again. */
export class KeypointTool implements Tool {
  draft: Draft = { figures: [], looked: false };
  labels: Labels = new Map();
  label = "";
  chosen = 0;
  /** The point that is asked for; "": all of the figure have been. */
  asked: string;
  /** The next one to be placed is hidden. */
  hiding = false;
  private readonly ids: string[];
  private readonly lines: [number, number][];
  private gesture: { start: Spot; at: Point; slid: boolean } | null = null;

  constructor(
    readonly image: Size,
    skeleton: Skeleton,
    private readonly several: boolean,
    private readonly hooks: Hooks,
  ) {
    this.ids = idsOf(skeleton);
    this.lines = linesOf(skeleton);
    this.asked = this.ids[0] ?? "";
  }

  /** A draft from outside: a suggestion taken, an undo. */
  load(draft: Draft): void {
    if (draft === this.draft) return;
    this.draft = draft;
    this.chosen = clamp(this.chosen, 0, Math.max(0, draft.figures.length - 1));
    this.ask(this.ids.find((id) => !(id in this.figure.points)) ?? "");
  }

  get figure(): Figure {
    return this.draft.figures[this.chosen] ?? { label: this.label, points: {} };
  }

  get here(): At | null | undefined {
    return this.figure.points[this.asked];
  }

  /** How many of the figure's points have been asked. */
  get done(): number {
    return this.ids.filter((id) => id in this.figure.points).length;
  }

  // --- what she says ----------------------------------------------------------------------------------------------
  ask(id: string): void {
    this.asked = id;
    this.hiding = this.figure.points[id]?.hidden ?? false;
    this.hooks.repaint();
  }

  step(by: 1 | -1): void {
    const at = this.ids.indexOf(this.asked);
    this.ask(this.ids[(at < 0 ? (by < 0 ? this.ids.length - 1 : 0) : at + by + this.ids.length) % this.ids.length]!);
  }

  absent(): void {
    if (!this.asked) return;
    this.write(this.asked, null, "step");
    this.hooks.say("absent", this.asked, null);
    this.askOpen();
  }

  toggleHidden(): void {
    this.hiding = !this.hiding;
    const { here } = this;
    if (!here) return this.hooks.repaint();
    this.write(this.asked, { ...here, hidden: this.hiding }, "step");
    this.hooks.say(this.hiding ? "hidden" : "placed", this.asked, { ...here, hidden: this.hiding });
  }

  /** For hands that cannot point: in the middle, then the arrow keys, then the same key again. */
  addInTheMiddle(middle: Rect): void {
    if (this.here) return this.askOpen();
    this.place({ x: middle.x + middle.width / 2, y: middle.y + middle.height / 2 });
  }

  another(): void {
    if (!this.several || !this.draft.figures.length) return;
    this.chosen = this.draft.figures.length;
    this.ask(this.ids[0]!);
  }

  choose(figure: number): void {
    this.chosen = figure;
    this.label = this.figure.label;
    this.askOpen();
  }

  remove(): void {
    const figures = this.draft.figures.filter((_, k) => k !== this.chosen);
    this.chosen = Math.max(0, figures.length - 1);
    this.commit({ ...this.draft, figures }, "step");
    this.askOpen();
  }

  setLabel(label: string): void {
    this.label = label;
    if (this.draft.figures[this.chosen]) this.replace({ ...this.figure, label }, "step");
    this.hooks.repaint();
  }

  private askOpen(): void {
    const from = this.ids.indexOf(this.asked) + 1;
    const next = [...this.ids.slice(from), ...this.ids.slice(0, from)].find((id) => !(id in this.figure.points));
    this.ask(next ?? "");
  }

  private place({ x, y }: Point): At {
    const at = { x: clamp(Math.round(x), 0, this.image.width), y: clamp(Math.round(y), 0, this.image.height), hidden: this.hiding };
    this.write(this.asked, at, "step");
    this.hooks.say(at.hidden ? "hidden" : "placed", this.asked, at);
    return at;
  }

  private write(id: string, at: At | null, how: ChangeKind): void {
    this.replace({ ...this.figure, points: { ...this.figure.points, [id]: at } }, how);
  }

  private replace(figure: Figure, how: ChangeKind): void {
    const figures = [...this.draft.figures];
    figures[this.chosen] = figure;
    this.commit({ ...this.draft, figures }, how);
  }

  private commit(draft: Draft, how: ChangeKind): void {
    this.draft = draft;
    this.hooks.change(draft, how);
    this.hooks.repaint();
  }

  // --- fingers and keys -------------------------------------------------------------------------------------------
  down(start: Spot): void {
    this.gesture = { start, at: start.at, slid: false };
  }

  move(spot: Spot): void {
    if (!this.gesture) return;
    this.gesture.slid ||= distance(this.gesture.start.screen, spot.screen) >= TAP_SLOP;
    this.gesture.at = spot.at;
  }

  up(): void {
    const { gesture } = this;
    this.gesture = null;
    if (!gesture) return;
    if (!gesture.slid && this.askDot(gesture.start)) return;
    if (!this.asked) this.another();
    if (!this.asked) return;
    this.place(gesture.at);
    this.askOpen();
  }

  cancel(): void {
    this.gesture = null;
  }

  tap(spot: Spot): void {
    this.askDot(spot);
  }

  /** Whether a dot lies under the finger, which is asked for then. */
  private askDot({ at, px }: Spot): boolean {
    let [best, figure, id] = [DOT_REACH * px, -1, ""];
    this.draft.figures.forEach(({ points }, k) => {
      for (const [one, dot] of Object.entries(points)) {
        const away = dot ? distance(at, dot) : Infinity;
        if (away < best) [best, figure, id] = [away, k, one];
      }
    });
    if (figure < 0) return false;
    if (figure !== this.chosen) this.choose(figure);
    this.ask(id);
    return true;
  }

  nudge(dx: number, dy: number): boolean {
    const { here } = this;
    if (!here) return false;
    const [x, y] = [clamp(here.x + dx, 0, this.image.width), clamp(here.y + dy, 0, this.image.height)];
    this.write(this.asked, { ...here, x, y }, "typing");
    return true;
  }

  looked(): void {
    if (!this.draft.looked) this.commit({ ...this.draft, looked: true }, "silent");
  }

  get aim(): Point | null {
    return this.asked && this.gesture ? this.gesture.at : null;
  }

  // --- paint ------------------------------------------------------------------------------------------------------
  get still(): readonly unknown[] {
    return [this.draft, this.chosen];
  }

  paint(surface: Surface, layer: Layer): void {
    if (layer === "live") return this.paintChosen(surface);
    const others = this.draft.figures.filter((_, k) => k !== this.chosen);
    const [all, byColour] = [new Path2D(), new Map<string, Path2D>()];
    for (const figure of others) {
      const path = this.pathOf(figure.points, surface.view);
      all.addPath(path);
      const { colour } = this.lookOf(figure);
      if (!byColour.has(colour)) byColour.set(colour, new Path2D());
      byColour.get(colour)!.addPath(path);
    }
    strokeAll(surface.pen, all, byColour, surface.brief);
    for (const figure of others) for (const at of placed(figure)) paintDot(surface.pen, toScreen(surface.view, at), this.lookOf(figure).colour, at.hidden);
  }

  private paintChosen({ pen, view }: Surface): void {
    const { figure, aim } = this;
    const look = this.lookOf(figure);
    const points = aim ? { ...figure.points, [this.asked]: { ...aim, hidden: this.hiding } } : figure.points;
    strokeChosen(pen, this.pathOf(points, view), look.colour);
    for (const [id, at] of Object.entries(points)) if (at && !(aim && id === this.asked)) paintDot(pen, toScreen(view, at), id === this.asked ? "#ffd35c" : look.colour, at.hidden, id === this.asked);
    const there = placed(figure);
    if (this.draft.figures.length > 1 && there.length) paintTag(pen, onScreen(view, rectOfPoints(there)), look);
  }

  private pathOf(points: Figure["points"], view: View): Path2D {
    const path = new Path2D();
    for (const [a, b] of this.lines) {
      const [from, to] = [points[this.ids[a]!], points[this.ids[b]!]];
      if (!from || !to) continue;
      const [start, end] = [toScreen(view, from), toScreen(view, to)];
      path.moveTo(start.x, start.y);
      path.lineTo(end.x, end.y);
    }
    return path;
  }

  private lookOf({ label }: Figure): Look {
    return this.labels.get(label) ?? { name: label, colour: "#ffffff" };
  }
}
