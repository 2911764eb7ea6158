import { contains, handlePoint, HANDLES, move, rectOfPoints, settle, sizeBy, type Handle, type Point, type Rect, type Size } from "@app/geometry/box";
import { toScreen } from "@app/geometry/viewport";
import type { Labels, Look } from "@app/app/looks";
import type { ChangeKind } from "@app/app/widget";
import { onScreen, paintHandle, paintPoint, paintTag, strokeAll, strokeChosen } from "@app/canvas/pen";
import { BoxGesture } from "@app/canvas/box_gesture";
import type { Layer, Spot, Surface, Tool } from "@app/canvas/stage";

/** A key frame: milliseconds, and the box. */
export type Key = [tMs: number, x: number, y: number, width: number, height: number];
export type Track = { label: string; keys: Key[] };
/** active: the object that is followed now; -1: none. */
export type Draft = { tracks: Track[]; active: number; atMs: number; points: Point[]; looked: boolean };
export type Said = "begun" | "kept" | "moved" | "gone" | "ended" | "removed" | "named" | "chosen";
type Hooks = { change(draft: Draft, how: ChangeKind): void; repaint(): void; say(said: Said, track: Track, atMs: number): void };

export const NOTHING: Draft = { tracks: [], active: -1, atMs: 0, points: [], looked: false };
const STEP_FRAMES = 10; // from one look to the next
const STRAIGHT_PX = 1; // a key frame this near to the line between its neighbours says nothing

/** Where a track is at a moment; null where it is not there. */
export function boxAt({ keys }: Track, ms: number): Rect | null {
  const after = keys.findIndex(([t]) => t >= ms);
  if (after < 0 || (after === 0 && keys[0]![0] > ms)) return null;
  const [b, a] = [keys[after]!, keys[Math.max(0, after - 1)]!];
  return between(a, b, ms);
}

function between(a: Key, b: Key, ms: number): Rect {
  const share = b[0] === a[0] ? 1 : (ms - a[0]) / (b[0] - a[0]);
  const [x, y, width, height] = [1, 2, 3, 4].map((k) => a[k]! + (b[k]! - a[k]!) * share) as [number, number, number, number];
  return { x, y, width, height };
}

/** Where it will be, as far as its last two key frames tell: it goes on as it went. */
export function foretold({ keys }: Track, ms: number, image: Size): Rect {
  const [a, b] = [keys.at(-2) ?? keys.at(-1)!, keys.at(-1)!];
  const { x, y, width, height } = b[0] === a[0] ? between(a, b, ms) : { ...between(a, b, ms), width: b[3], height: b[4] };
  return settle({ x, y, width: Math.max(1, width), height: Math.max(1, height) }, image);
}

/** Without the key frames that the straight line between their neighbours gives anyway. */
export function thinned(keys: Key[]): Key[] {
  const kept = keys.slice(0, 1);
  for (let k = 1; k < keys.length - 1; k++) {
    const line = between(kept.at(-1)!, keys[k + 1]!, keys[k]![0]);
    const [, x, y, width, height] = keys[k]!;
    const off = Math.max(Math.abs(line.x - x), Math.abs(line.y - y), Math.abs(line.width - width), Math.abs(line.height - height));
    if (off > STRAIGHT_PX) kept.push(keys[k]!);
  }
  return keys.length > 1 ? [...kept, keys.at(-1)!] : kept;
}

/** One object after the other through the clip: boxed once, then looked at every ten frames. It is right, it is put right, or it is gone. */
export class TrackTool implements Tool {
  draft: Draft = NOTHING;
  label = "";
  labels: Labels = new Map();
  handle: Handle | null = null;
  private readonly gesture: BoxGesture;

  /** frameMs: from one frame to the next. */
  constructor(
    readonly image: Size,
    readonly durationMs: number,
    readonly frameMs: number,
    private readonly hooks: Hooks,
  ) {
    this.gesture = new BoxGesture(image);
  }

  load(draft: Draft): void {
    if (draft === this.draft) return;
    this.draft = draft;
    this.hooks.repaint();
  }

  get active(): Track | undefined {
    return this.draft.tracks[this.draft.active];
  }

  /** The last moment that has a frame of its own. */
  get lastMs(): number {
    return Math.max(0, Math.round(this.durationMs - this.frameMs));
  }

  private get stepMs(): number {
    return STEP_FRAMES * this.frameMs;
  }

  /** The box that is shown of the object that is followed: where it is, or where it should be by now. */
  get box(): Rect | null {
    const { active } = this;
    const { atMs } = this.draft;
    if (!active) return null;
    if (atMs > active.keys.at(-1)![0]) return foretold(active, atMs, this.image);
    const box = boxAt(active, atMs);
    return box && settle(box, this.image);
  }

  // --- through time -----------------------------------------------------------------------------------------------------
  go(ms: number): void {
    this.handle = null;
    this.commit({ ...this.draft, atMs: Math.round(Math.min(this.lastMs, Math.max(0, ms))), points: [] }, "silent");
  }

  step(by: 1 | -1): void {
    this.go(this.draft.atMs + by * this.stepMs);
  }

  /** The box is right where it is: on to the next look. At the end of the clip the object is done. */
  right(): void {
    const { active, box } = this;
    if (!active || !box) return this.step(1);
    const ends = this.draft.atMs >= this.lastMs;
    const keys = this.withKey(active, box);
    this.replace({ ...active, keys }, "step", { atMs: ends ? this.draft.atMs : Math.min(this.lastMs, Math.round(this.draft.atMs + this.stepMs)), active: ends ? -1 : this.draft.active });
    this.hooks.say(ends ? "ended" : "kept", { ...active, keys }, this.draft.atMs);
  }

  /** It is not there any more: it was last seen at its last key frame before now. */
  gone(): void {
    const { active } = this;
    if (!active) return;
    const keys = active.keys.filter(([t]) => t < this.draft.atMs);
    const track = { ...active, keys: keys.length ? keys : active.keys.slice(0, 1) };
    this.replace(track, "step", { active: -1 });
    this.hooks.say("gone", track, this.draft.atMs);
  }

  choose(index: number): void {
    const track = this.draft.tracks[index];
    this.handle = null;
    this.commit({ ...this.draft, active: index, points: [], atMs: track ? Math.min(this.lastMs, track.keys[0]![0]) : this.draft.atMs }, "silent");
    if (track) {
      this.label = track.label;
      this.hooks.say("chosen", track, this.draft.atMs);
    }
  }

  setLabel(label: string): void {
    this.label = label;
    const { active } = this;
    if (active && active.label !== label) {
      this.replace({ ...active, label }, "step");
      this.hooks.say("named", { ...active, label }, this.draft.atMs);
    }
    this.hooks.repaint();
  }

  remove(): void {
    const gone = this.active;
    if (!gone) return;
    this.commit({ ...this.draft, tracks: this.draft.tracks.filter((one) => one !== gone), active: -1 }, "step");
    this.hooks.say("removed", gone, this.draft.atMs);
  }

  private withKey({ keys }: Track, { x, y, width, height }: Rect): Key[] {
    const { atMs } = this.draft;
    return [...keys.filter(([t]) => t !== atMs), [atMs, x, y, width, height] as Key].sort((a, b) => a[0] - b[0]);
  }

  private put(box: Rect, how: ChangeKind): void {
    const { active } = this;
    if (!active) return;
    const track = { ...active, keys: this.withKey(active, box) };
    this.replace(track, how);
    this.hooks.say("moved", track, this.draft.atMs);
  }

  private begin(rect: Rect): void {
    const { x, y, width, height } = settle(rect, this.image);
    const track: Track = { label: this.label, keys: [[this.draft.atMs, x, y, width, height]] };
    this.commit({ ...this.draft, tracks: [...this.draft.tracks, track], active: this.draft.tracks.length, points: [] }, "step");
    this.hooks.say("begun", track, this.draft.atMs);
  }

  addInTheMiddle(middle: Rect): void {
    this.begin(middle);
  }

  private replace(track: Track, how: ChangeKind, more: Partial<Draft> = {}): void {
    this.commit({ ...this.draft, tracks: this.draft.tracks.map((one, k) => (k === this.draft.active ? track : one)), ...more }, how);
  }

  private commit(draft: Draft, how: ChangeKind): void {
    this.draft = draft;
    this.hooks.change(draft, how);
    this.hooks.repaint();
  }

  // --- on the picture ---------------------------------------------------------------------------------------------------
  down(start: Spot): void {
    const { box } = this;
    if (box)
      this.gesture.takeHold(box, start); // wherever: one that has gone far is brought along from there
    else this.gesture.point(start);
  }

  move(spot: Spot): void {
    this.gesture.move(spot, this.draft.points.length === 0);
  }

  up(): void {
    const { box } = this;
    const moved = box && this.gesture.moved(box);
    const done = this.gesture.up();
    if (done?.kind === "point") this.addPoint(done.at);
    else if (done?.kind === "drawn") this.begin(done.rect);
    else if (done?.kind === "moved" && moved) {
      if (done.handle) this.handle = done.handle;
      this.put(moved, "step");
    }
  }

  cancel(): void {
    this.gesture.cancel();
  }

  /** Four extreme points of the object make its box. */
  private addPoint(at: Point): void {
    const points = [...this.draft.points, { x: Math.round(at.x), y: Math.round(at.y) }];
    if (points.length === 4) return this.begin(rectOfPoints(points));
    this.commit({ ...this.draft, points }, "step");
  }

  /** A tap of the hand that moves the picture: on another object it chooses it. */
  tap({ at, px }: Spot): void {
    const index = this.draft.tracks.findIndex((track) => {
      const box = boxAt(track, this.draft.atMs);
      return box && contains(box, at, 10 * px);
    });
    if (index >= 0) this.choose(index);
  }

  nudge(dx: number, dy: number): boolean {
    const { box } = this;
    if (!box) return false;
    this.put(this.handle ? sizeBy(box, this.handle, dx, dy, this.image) : move(box, dx, dy, this.image), "typing");
    return true;
  }

  toggleSizing(): void {
    this.handle = this.handle ? null : "se";
    this.hooks.repaint();
  }

  looked(): void {
    if (!this.draft.looked) this.commit({ ...this.draft, looked: true }, "silent");
  }

  private get shownBox(): Rect | null {
    const { box } = this;
    return box && (this.gesture.moved(box) ?? box);
  }

  get aim(): Point | null {
    return this.gesture.aim(this.box);
  }

  get still(): readonly unknown[] {
    return [this.draft.tracks, this.draft.active, this.draft.atMs, this.labels];
  }

  paint(surface: Surface, layer: Layer): void {
    if (layer === "still") this.paintOthers(surface);
    else this.paintActive(surface);
  }

  private paintOthers({ pen, view }: Surface): void {
    const all = new Path2D();
    const byColour = new Map<string, Path2D>();
    const there = this.draft.tracks.flatMap((track, k) => {
      const box = k === this.draft.active ? null : boxAt(track, this.draft.atMs);
      return box ? [{ rect: onScreen(view, box), look: this.lookOf(track) }] : [];
    });
    for (const { rect, look } of there) {
      if (!byColour.has(look.colour)) byColour.set(look.colour, new Path2D());
      for (const path of [all, byColour.get(look.colour)!]) path.rect(rect.x, rect.y, rect.width, rect.height);
    }
    strokeAll(pen, all, byColour, false);
    for (const { rect, look } of there) paintTag(pen, rect, look);
  }

  private paintActive({ pen, view }: Surface): void {
    const drawn = this.gesture.drawn ?? this.shownBox;
    if (drawn) {
      const rect = onScreen(view, drawn);
      const path = new Path2D();
      path.rect(rect.x, rect.y, rect.width, rect.height);
      const look = this.lookOf(this.active ?? { label: this.label });
      strokeChosen(pen, path, look.colour);
      paintTag(pen, rect, look);
      if (this.active) HANDLES.forEach((handle) => paintHandle(pen, toScreen(view, handlePoint(drawn, handle)), handle === this.handle));
    }
    for (const point of this.draft.points) paintPoint(pen, toScreen(view, point));
  }

  private lookOf({ label }: { label: string }): Look {
    return this.labels.get(label) ?? { name: label, colour: "#ffffff" };
  }
}

/** A moment as players show it, to the tenth. */
export function clock(ms: number): string {
  const tenths = Math.round(ms / 100);
  return `${Math.floor(tenths / 600)}:${String(Math.floor((tenths % 600) / 10)).padStart(2, "0")}.${tenths % 10}`;
}
