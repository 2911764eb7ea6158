import type { Labels } from "@app/app/looks";
import type { ChangeKind } from "@app/app/widget";
import { clamp, type Point, type Rect, type Size } from "@app/geometry/box";
import { toScreen, type View } from "@app/geometry/viewport";
import { onScreen, paintPoint, paintTag } from "@app/canvas/pen";
import type { Layer as Depth, Spot, Surface, Tool } from "@app/canvas/stage";
import type { Draft } from "./answer";
import { Layer, linesOf } from "./layer";
import { cellsIn, isLoop, wholeRegions } from "./loop";
import { closely, Painting } from "./painting";
import { cutOf, finest, FIRST_CUT, type Cut, type Regions } from "./regions";

export type Mode = "regions" | "brush" | "rubber";
/** What happened, for who does not see it: to regions or to what a brush went over, to holes, or to all of a label. */
export type Said = "added" | "removed" | "filled" | "nothing" | "cleared";
export type Hooks = {
  change(draft: Draft, how: ChangeKind): void;
  repaint(): void;
  /** share: of the picture, that was changed. */
  say(said: Said, share: number): void;
  /** Pixels of the picture under one of the screen. */
  px(): number;
};
type Gesture = { kind: "regions"; adds: boolean; seen: Set<number>; path: Point[]; cells: number } | { kind: "brush"; path: Point[]; radius: number };

const REACH = 24; // pixels of the screen: a finger that comes back is no nearer to where it began
export const BRUSHES = [10, 26, 60]; // across, in pixels of the screen: as wide under the finger however near she is

/** Colours areas in: by regions that the server has cut, coarser or finer, or by a brush. */
export class MaskTool implements Tool {
  draft: Draft = { masks: [], looked: false };
  mode: Mode = "brush";
  brush = 1;
  level = FIRST_CUT;
  /** Where keys are, in pixels of the picture. */
  cursor: Point | null = null;
  hand = false;
  cut: Cut | null = null;
  readonly painting: Painting;
  private lines: HTMLCanvasElement | null = null;
  private layer: Layer | null = null;
  private regions: Regions | null = null;
  private gesture: Gesture | null = null;
  private version = 0; // of what stands still

  constructor(
    readonly image: Size,
    readonly labels: Labels,
    private readonly hooks: Hooks,
    public label = [...labels.keys()][0] ?? "",
  ) {
    this.painting = new Painting(image, [...labels.keys()], (from, to) => {
      this.layer?.refresh(from, to);
      this.stale();
    });
  }

  // --- what is there ------------------------------------------------------------------------------------------------
  /** A draft from outside: a suggestion taken, an undo. */
  load(draft: Draft): void {
    const same = draft.masks === this.draft.masks;
    this.draft = draft;
    if (!same) this.painting.load(draft.masks);
  }

  /** What stands still looks different now. */
  private stale(): void {
    this.version++;
    this.hooks.repaint();
  }

  /** The share of the picture that a label has. */
  shareOf = (label: string): number => this.painting.count(label) / this.painting.cells.length;

  setRegions(regions: Regions | null): void {
    this.regions = regions;
    if (regions) this.mode = "regions";
    this.setLevel(FIRST_CUT);
  }

  get finest(): number {
    return this.regions ? finest(this.regions) : 0;
  }

  setLevel(level: number): void {
    this.level = clamp(level, 0, this.finest);
    this.cut = this.regions && cutOf(this.regions, this.level);
    this.lines = null;
    this.stale();
  }

  setMode(mode: Mode, hand = false): void {
    [this.mode, this.hand] = [mode, hand];
    this.stale();
  }

  setBrush(size: number): void {
    this.brush = size;
    this.hooks.repaint();
  }

  setLabel(label: string): void {
    this.label = label;
    this.hooks.repaint();
  }

  looked(): void {
    if (this.draft.looked) return;
    this.draft = { ...this.draft, looked: true };
    this.hooks.change(this.draft, "silent");
  }

  /** The end of something she meant: kept, and said. */
  private done(said: Said, cells: number): void {
    if (cells) {
      this.draft = { ...this.draft, masks: this.painting.masks };
      this.hooks.change(this.draft, "step");
    }
    this.hooks.say(cells ? said : "nothing", cells / this.painting.cells.length);
  }

  // --- a finger -----------------------------------------------------------------------------------------------------
  down({ at }: Spot): void {
    this.cursor = null;
    if (this.mode !== "regions" || !this.cut) this.gesture = { kind: "brush", path: [at], radius: this.radius };
    else {
      this.gesture = { kind: "regions", adds: !this.isTaken(this.regionAt(at)), seen: new Set(), path: [at], cells: 0 };
      this.touch(at);
    }
  }

  move({ at, px }: Spot): void {
    const { gesture } = this;
    if (gesture?.kind === "regions") for (const point of closely([gesture.path.at(-1)!, at], 4 * px)) this.touch(point); // none is jumped over
    gesture?.path.push(at);
  }

  up(): void {
    const { gesture } = this;
    this.gesture = null;
    if (gesture?.kind === "brush") this.stamp(gesture.path, gesture.radius);
    if (gesture?.kind !== "regions") return;
    if (isLoop(gesture.path, REACH * this.hooks.px())) this.takeInside(gesture.path);
    else this.done(gesture.adds ? "added" : "removed", gesture.cells);
  }

  /** Of a stroke around something: what it went over is not meant, what it goes around is one region more. What is left to mend then is
   * small. */
  private takeInside(loop: Point[]): void {
    this.setLevel(this.finest);
    this.painting.load(this.draft.masks);
    const { leaf, count } = this.regions!;
    const cells = wholeRegions(cellsIn(loop, this.image, this.painting.grid), leaf, count);
    const adds = this.painting.count(this.label, cells) * 2 <= cells.length;
    this.done(adds ? "added" : "removed", this.painting.paint(cells, this.label, adds));
  }

  cancel(): void {
    if (this.gesture?.kind === "regions") this.painting.load(this.draft.masks);
    this.gesture = null;
  }

  tap(): void {
    // The hand that moves the picture chooses nothing here.
  }

  private touch(at: Point): void {
    const { gesture } = this;
    const region = this.regionAt(at);
    if (gesture?.kind !== "regions" || gesture.seen.has(region)) return;
    gesture.seen.add(region);
    gesture.cells += this.painting.paint(this.cut!.cellsOf(region), this.label, gesture.adds);
  }

  private regionAt(at: Point): number {
    return this.cut!.region[this.painting.cellAt(at)]!;
  }

  /** Whether most of a region has the chosen label. */
  private isTaken(region: number): boolean {
    const cells = this.cut!.cellsOf(region);
    return this.painting.count(this.label, cells) * 2 > cells.length;
  }

  private get radius(): number {
    return (BRUSHES[this.brush]! / 2) * this.hooks.px();
  }

  private stamp(path: Point[], radius: number): void {
    const adds = this.mode !== "rubber";
    this.done(adds ? "added" : "removed", this.painting.paint(this.painting.under(path, radius), this.label, adds));
  }

  // --- keys ---------------------------------------------------------------------------------------------------------
  /** Where keys begin. */
  point({ x, y, width, height }: Rect): void {
    this.cursor = { x: x + width / 2, y: y + height / 2 };
    this.hooks.repaint();
  }

  unpoint(): void {
    this.cursor = null;
    this.hooks.repaint();
  }

  /** To the next region that way, or on by half a brush. */
  nudge(dx: number, dy: number): boolean {
    if (!this.cursor || this.hand) return false;
    const { x, y } = this.cursor;
    const walks = this.mode === "regions" && this.cut;
    this.cursor = walks ? this.nextRegion(this.cursor, Math.sign(dx), Math.sign(dy)) : this.inside({ x: x + dx * this.radius, y: y + dy * this.radius });
    this.hooks.repaint();
    return true;
  }

  /** A few cells into the next region that way; at the edge of the picture where there is none. */
  private nextRegion(from: Point, dx: number, dy: number): Point {
    const { grid, image } = this.painting;
    const step = { x: (dx * image.width) / grid.width, y: (dy * image.height) / grid.height };
    const here = this.regionAt(from);
    let at = from;
    for (let left = -1; left !== 0; left--) {
      const next = this.inside({ x: at.x + step.x, y: at.y + step.y });
      if (next.x === at.x && next.y === at.y) break;
      if (left > 0 && this.regionAt(next) !== this.regionAt(at)) break;
      if (left < 0 && this.regionAt(next) !== here) left = 5;
      at = next;
    }
    return at;
  }

  private inside({ x, y }: Point): Point {
    return { x: clamp(x, 0, this.image.width - 1e-6), y: clamp(y, 0, this.image.height - 1e-6) };
  }

  /** The region where keys are, as they are walked by: whether it is taken, and its share of the picture. */
  get here(): { taken: boolean; share: number } | null {
    if (!this.cursor || !this.cut || this.mode !== "regions") return null;
    const region = this.regionAt(this.cursor);
    return { taken: this.isTaken(region), share: this.cut.cellsOf(region).length / this.painting.cells.length };
  }

  /** The region, or a dab of the brush, where keys are. */
  press(): void {
    if (!this.cursor) return;
    if (this.mode !== "regions" || !this.cut) return this.stamp([this.cursor], this.radius);
    const region = this.regionAt(this.cursor);
    const adds = !this.isTaken(region);
    this.done(adds ? "added" : "removed", this.painting.paint(this.cut.cellsOf(region), this.label, adds));
  }

  fillHoles(): void {
    this.done("filled", this.painting.paint(this.painting.holesIn(this.label), this.label, true));
  }

  /** Nothing has the chosen label any more. */
  clear(): void {
    this.done("cleared", this.painting.paint(this.painting.cells.keys(), this.label, false));
  }

  // --- the screen ---------------------------------------------------------------------------------------------------
  get aim(): Point | null {
    return this.gesture?.kind === "brush" ? this.gesture.path.at(-1)! : null;
  }

  get still(): readonly unknown[] {
    return [this.version];
  }

  paint({ pen, view, frame, brief }: Surface, depth: Depth): void {
    if (depth === "live") return this.paintLive(pen, view);
    const { cells, grid } = this.painting;
    const place = onScreen(view, { x: 0, y: 0, ...this.image });
    const put = (canvas: HTMLCanvasElement) => pen.drawImage(canvas, place.x, place.y, place.width, place.height);
    pen.imageSmoothingEnabled = place.width < 2 * grid.width;
    if (this.mode === "regions" && !this.hand && this.cut && !brief) put((this.lines ??= linesOf(this.cut.region, grid)));
    if (!this.layer) {
      this.layer = new Layer(
        cells,
        grid,
        [...this.labels.values()].map(({ colour }) => colour),
      );
      this.layer.refresh();
    }
    put(this.layer.canvas);
    if (!brief) for (const { label } of this.draft.masks) this.paintName(pen, view, frame, label);
  }

  /** Colour alone tells nothing: the name at the first cell of it, from the left. */
  private paintName(pen: CanvasRenderingContext2D, view: View, frame: Rect, label: string): void {
    const first = this.painting.cells.indexOf(this.painting.numberOf(label));
    if (first < 0) return;
    const { x, y } = toScreen(view, this.painting.pointOf(first));
    const at = { x: clamp(x, frame.x, frame.x + frame.width - 60), y: clamp(y, frame.y + 24, frame.y + frame.height) };
    paintTag(pen, { ...at, width: 0, height: 0 }, this.labels.get(label)!);
  }

  private paintLive(pen: CanvasRenderingContext2D, view: View): void {
    if (this.gesture) this.paintStroke(pen, view, this.gesture.path, this.gesture.kind === "brush" ? this.gesture.radius : this.hooks.px());
    if (this.cursor) paintPoint(pen, toScreen(view, this.cursor));
  }

  private paintStroke(pen: CanvasRenderingContext2D, view: View, path: Point[], radius: number): void {
    pen.save();
    [pen.lineCap, pen.lineJoin, pen.lineWidth, pen.globalAlpha] = ["round", "round", 2 * radius * view.scale, 0.55];
    pen.strokeStyle = this.mode === "rubber" ? "#ffffff" : (this.labels.get(this.label)?.colour ?? "#ffffff");
    pen.beginPath();
    path.map((at) => toScreen(view, at)).forEach(({ x, y }, k) => (k ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    const end = toScreen(view, path.at(-1)!);
    pen.lineTo(end.x + 0.01, end.y);
    pen.stroke();
    pen.restore();
  }
}
