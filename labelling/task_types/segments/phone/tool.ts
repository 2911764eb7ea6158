import type { ChangeKind } from "@app/app/widget";

/** From one millisecond up to another. */
export type Segment = { label: string; start_ms: number; end_ms: number };
/** begun: where a segment starts that has no end yet; heard: she has been at the end of it all. */
export type Draft = { segments: Segment[]; begun: number | null; heard: boolean };
export type Stretch = readonly [startMs: number, endMs: number];
export type Side = "start" | "end";
export type Said = "begun" | "added" | "named" | "moved" | "removed" | "chosen" | "same" | "short" | "no_stretch" | "label";

type Hooks = {
  change(draft: Draft, how: ChangeKind): void;
  redraw(): void;
  say(said: Said, segment: Segment): void;
};

export const NOTHING: Draft = { segments: [], begun: null, heard: false };
export const LEAST_MS = 100; // what is shorter the server takes for a slip

/** Segments on a line of time, without a screen and without a sound: begun and ended where the sound is, put right to the hundredth of a second. */
export class SegmentTool {
  draft: Draft = NOTHING;
  selected = -1;
  side: Side = "start";

  constructor(
    readonly durationMs: number,
    public label: string,
    readonly activity: readonly Stretch[],
    private readonly hooks: Hooks,
  ) {}

  /** A draft from outside: a suggestion taken, an undo. */
  load(draft: Draft): void {
    if (draft === this.draft) return;
    this.draft = draft;
    if (this.selected >= draft.segments.length || draft.begun !== null) this.selected = -1;
    this.hooks.redraw();
  }

  get chosen(): Segment | undefined {
    return this.draft.segments[this.selected];
  }

  /** Begins here, or ends here what was begun. */
  mark(atMs: number): void {
    if (this.draft.begun === null) this.begin(atMs);
    else this.end(atMs);
  }

  begin(atMs: number): void {
    const begun = this.within(atMs);
    this.selected = -1;
    this.commit({ ...this.draft, begun }, "step");
    this.hooks.say("begun", { label: this.label, start_ms: begun, end_ms: begun });
  }

  /** Also when she has gone back before where she began. */
  end(atMs: number): void {
    const { begun } = this.draft;
    if (begun === null) return;
    const at = this.within(atMs);
    this.add({ label: this.label, start_ms: Math.min(begun, at), end_ms: Math.max(begun, at) });
  }

  /** What was begun is not meant. */
  cancel(): void {
    if (this.draft.begun !== null) this.commit({ ...this.draft, begun: null }, "step");
  }

  /** The next stretch with sound, from here on, that is not marked yet. */
  nextStretch(atMs: number): Stretch | undefined {
    const { segments } = this.draft;
    const covered = ([start, end]: Stretch) => segments.some((one) => 2 * (Math.min(one.end_ms, end) - Math.max(one.start_ms, start)) > end - start);
    return this.activity.find((one) => one[1] > atMs && one[1] - one[0] >= LEAST_MS && !covered(one));
  }

  /** Marks that stretch with the label she has chosen; where it ends, or null where there is none. */
  take(atMs: number): number | null {
    const stretch = this.nextStretch(atMs);
    if (!stretch) {
      this.hooks.say("no_stretch", { label: this.label, start_ms: atMs, end_ms: atMs });
      return null;
    }
    this.add({ label: this.label, start_ms: this.within(stretch[0]), end_ms: this.within(stretch[1]) });
    return stretch[1];
  }

  private add(segment: Segment): void {
    if (segment.end_ms - segment.start_ms < LEAST_MS) {
      this.commit({ ...this.draft, begun: null }, "step");
      return this.hooks.say("short", segment);
    }
    if (this.draft.segments.some((other) => isSame(other, segment))) {
      this.commit({ ...this.draft, begun: null }, "step");
      return this.hooks.say("same", segment);
    }
    this.commit({ ...this.draft, segments: [...this.draft.segments, segment].sort(inOrder), begun: null }, "step");
    this.hooks.say("added", segment);
  }

  select(index: number, side: Side = "start"): void {
    this.selected = index;
    this.side = side;
    if (this.draft.begun !== null) this.commit({ ...this.draft, begun: null }, "step");
    if (this.chosen) this.hooks.say("chosen", this.chosen);
    this.hooks.redraw();
  }

  /** The next or the one before. */
  step(by: 1 | -1): void {
    const count = this.draft.segments.length;
    if (count) this.select(((this.selected < 0 && by < 0 ? 0 : this.selected) + by + count) % count);
  }

  /** The segment at this moment; of several the shortest that is not chosen yet. */
  at(ms: number): number {
    const { segments } = this.draft;
    const over = segments.map((_, k) => k).filter((k) => segments[k]!.start_ms <= ms && ms < segments[k]!.end_ms);
    over.sort((a, b) => lengthOf(segments[a]!) - lengthOf(segments[b]!) || a - b);
    return over[(over.indexOf(this.selected) + 1) % Math.max(1, over.length)] ?? -1;
  }

  /** Of the chosen one, or of those to come. */
  setLabel(label: string): void {
    this.label = label;
    const { chosen } = this;
    if (!chosen) {
      this.hooks.say("label", { label, start_ms: 0, end_ms: 0 });
      return this.hooks.redraw();
    }
    this.replace({ ...chosen, label }, "step", "named");
  }

  setSide(side: Side): void {
    this.side = side;
    this.hooks.redraw();
  }

  /** The end of the chosen one that the keys act on, or null. */
  get edge(): number | null {
    const { chosen } = this;
    return chosen ? (this.side === "start" ? chosen.start_ms : chosen.end_ms) : null;
  }

  /** Moves an end by so many milliseconds. */
  nudge(byMs: number, side: Side = this.side): void {
    const { chosen } = this;
    if (chosen) this.put((side === "start" ? chosen.start_ms : chosen.end_ms) + byMs, side);
  }

  /** Puts an end to this moment, never past the other one. */
  put(ms: number, side: Side = this.side, how: ChangeKind = "typing"): void {
    const { chosen } = this;
    if (!chosen) return;
    this.side = side;
    const at = this.within(ms);
    const moved = side === "start" ? { ...chosen, start_ms: Math.min(at, chosen.end_ms - LEAST_MS) } : { ...chosen, end_ms: Math.max(at, chosen.start_ms + LEAST_MS) };
    if (!isSame(moved, chosen)) this.replace(moved, how, "moved");
  }

  remove(): void {
    if (this.draft.begun !== null) return this.cancel();
    const gone = this.chosen;
    if (!gone) return;
    this.selected = -1;
    this.commit({ ...this.draft, segments: this.draft.segments.filter((one) => one !== gone) }, "step");
    this.hooks.say("removed", gone);
  }

  /** She has been at its end. */
  hear(): void {
    if (!this.draft.heard) this.commit({ ...this.draft, heard: true }, "silent");
  }

  private within(ms: number): number {
    return Math.round(Math.min(this.durationMs, Math.max(0, ms)));
  }

  private replace(segment: Segment, how: ChangeKind, said: Said): void {
    if (this.draft.segments.some((other, k) => k !== this.selected && isSame(other, segment))) return this.hooks.say("same", segment);
    const segments = this.draft.segments.map((other, k) => (k === this.selected ? segment : other)).sort(inOrder);
    this.selected = segments.indexOf(segment);
    this.commit({ ...this.draft, segments }, how);
    this.hooks.say(said, segment);
  }

  private commit(draft: Draft, how: ChangeKind): void {
    this.draft = draft;
    this.hooks.change(draft, how);
    this.hooks.redraw();
  }
}

const lengthOf = ({ start_ms, end_ms }: Segment): number => end_ms - start_ms;
export const isSame = (a: Segment, b: Segment): boolean => a.label === b.label && a.start_ms === b.start_ms && a.end_ms === b.end_ms;
/** As they come one after the other. */
export const inOrder = (a: Segment, b: Segment): number => a.start_ms - b.start_ms || a.end_ms - b.end_ms || (a.label < b.label ? -1 : 1);

/** A moment as players show it, to the hundredth: 1:02.35 */
export function clock(ms: number): string {
  const [minutes, hundredths] = [Math.floor(ms / 60_000), Math.round((ms % 60_000) / 10)];
  if (hundredths === 6000) return clock((minutes + 1) * 60_000);
  const rest = String(hundredths).padStart(4, "0");
  return `${minutes}:${rest.slice(0, 2)}.${rest.slice(2)}`;
}
