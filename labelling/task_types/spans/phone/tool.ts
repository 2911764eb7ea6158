import type { ChangeKind } from "@app/app/widget";
import { edgesOf, lettersOf, wordsOf, type Edges, type Word } from "./words";

/** From one code point of the text up to another. */
export type Span = { label: string; start: number; end: number };
/** Words that have no label yet; `closed`: both ends were tapped, so the next tap begins anew. */
export type Begun = { start: number; end: number; closed: boolean };
export type Draft = { spans: Span[]; begun: Begun | null; looked: boolean };
export type Said = "begun" | "added" | "named" | "moved" | "removed" | "chosen" | "same" | "tap_first";
export type Side = "start" | "end";

type Hooks = {
  change(draft: Draft, how: ChangeKind): void;
  redraw(): void;
  say(said: Said, range: { start: number; end: number }, label?: string): void;
};

export const NOTHING: Draft = { spans: [], begun: null, looked: false };

/**
 * Marks in a text, without a screen. A tap on a word begins, a tap on another ends, a label makes the mark; what is marked is chosen by a tap,
 * from the shortest to the longest that lies there, and a tap more begins a mark within.
 */
export class SpanTool {
  draft: Draft = NOTHING;
  selected = -1;
  byLetters = false;
  readonly words: Word[];
  private readonly wordEdges: Edges;
  private letterEdges: Edges | null = null;

  constructor(
    readonly text: string,
    private readonly language: string,
    private readonly hooks: Hooks,
  ) {
    this.words = wordsOf(text, language);
    this.wordEdges = edgesOf(this.words);
  }

  /** A draft from outside: a suggestion taken, an undo. */
  load(draft: Draft): void {
    if (draft === this.draft) return;
    this.draft = draft;
    if (this.selected >= draft.spans.length || draft.begun) this.selected = -1;
    this.hooks.redraw();
  }

  get chosen(): Span | undefined {
    return this.draft.spans[this.selected];
  }

  /** What the keys act on. */
  get range(): Begun | Span | null {
    return this.draft.begun ?? this.chosen ?? null;
  }

  tap(word: Word): void {
    const { begun } = this.draft;
    if (begun && !begun.closed) return this.end(begun, word);
    const next = this.nextOver(word);
    if (next >= 0) return this.select(next);
    this.begin({ start: word.start, end: word.end, closed: false });
  }

  /** Both ends at once: words from where the keyboard stood to where it went. */
  reach(from: Word, to: Word): void {
    this.begin({ start: Math.min(from.start, to.start), end: Math.max(from.end, to.end), closed: true });
  }

  private end(begun: Begun, word: Word): void {
    if (word.start >= begun.start && word.end <= begun.end) return this.commit({ ...this.draft, begun: null }, "step"); // the same word: never mind
    this.begin({ start: Math.min(begun.start, word.start), end: Math.max(begun.end, word.end), closed: true });
  }

  private begin(begun: Begun): void {
    this.selected = -1;
    this.commit({ ...this.draft, begun }, "step");
    this.hooks.say("begun", begun);
  }

  /** The next longer mark over a word, after the one that is chosen; -1: she has seen them all. */
  private nextOver(word: Word): number {
    const { spans } = this.draft;
    const over = spans.map((_, k) => k).filter((k) => spans[k]!.start < word.end && spans[k]!.end > word.start);
    over.sort((a, b) => lengthOf(spans[a]!) - lengthOf(spans[b]!) || a - b);
    return over[over.indexOf(this.selected) + 1] ?? -1;
  }

  select(index: number): void {
    this.selected = index;
    if (this.draft.begun) this.commit({ ...this.draft, begun: null }, "step");
    if (this.chosen) this.hooks.say("chosen", this.chosen, this.chosen.label);
    this.hooks.redraw();
  }

  /** The next or the one before. */
  step(by: 1 | -1): void {
    const count = this.draft.spans.length;
    if (count) this.select(((this.selected < 0 && by < 0 ? 0 : this.selected) + by + count) % count);
  }

  setLabel(label: string): void {
    const { range } = this;
    if (!range) return this.hooks.say("tap_first", { start: 0, end: 0 });
    const span = { label, start: range.start, end: range.end };
    if (this.draft.spans.some((other) => isSame(other, span))) return this.hooks.say("same", span, label);
    if (this.draft.begun) {
      this.commit({ ...this.draft, spans: [...this.draft.spans, span].sort(inOrder), begun: null }, "step");
      this.hooks.say("added", span, label);
    } else this.replace(span, "step", "named");
    this.hooks.redraw();
  }

  /** Moves one end by a word, or by a letter. Never past the other end, and never onto white space. */
  stretch(side: Side, by: 1 | -1): void {
    const { range } = this;
    if (!range) return;
    const to = this.nextEdge(range, side, by);
    if (to === undefined) return;
    const moved = { ...range, [side]: to };
    if ("closed" in moved) {
      this.commit({ ...this.draft, begun: { ...moved, closed: true } }, "typing");
      this.hooks.say("begun", moved);
    } else if (!this.draft.spans.some((other) => isSame(other, moved))) this.replace(moved, "typing", "moved");
    else this.hooks.say("same", moved, moved.label);
  }

  private nextEdge({ start, end }: { start: number; end: number }, side: Side, by: 1 | -1): number | undefined {
    const { starts, ends } = this.byLetters ? this.letters : this.wordEdges;
    const edges = side === "start" ? starts.filter((at) => at < end) : ends.filter((at) => at > start);
    const now = side === "start" ? start : end;
    return by > 0 ? edges.find((at) => at > now) : edges.filter((at) => at < now).at(-1);
  }

  private get letters(): Edges {
    return (this.letterEdges ??= edgesOf(lettersOf(this.text, this.language)));
  }

  toggleLetters(): void {
    this.byLetters = !this.byLetters;
    this.hooks.redraw();
  }

  remove(): void {
    const gone = this.chosen;
    if (this.draft.begun) return this.commit({ ...this.draft, begun: null }, "step");
    if (!gone) return;
    this.selected = -1;
    this.commit({ ...this.draft, spans: this.draft.spans.filter((span) => span !== gone) }, "step");
    this.hooks.say("removed", gone, gone.label);
  }

  /** She has read to the end. */
  look(): void {
    if (!this.draft.looked) this.commit({ ...this.draft, looked: true }, "silent");
  }

  private replace(span: Span, how: ChangeKind, said: Said): void {
    const spans = this.draft.spans.map((other, k) => (k === this.selected ? span : other)).sort(inOrder);
    this.selected = spans.indexOf(span);
    this.commit({ ...this.draft, spans }, how);
    this.hooks.say(said, span, span.label);
  }

  private commit(draft: Draft, how: ChangeKind): void {
    this.draft = draft;
    this.hooks.change(draft, how);
    this.hooks.redraw();
  }
}

const lengthOf = ({ start, end }: Span): number => end - start;
export const isSame = (a: Span, b: Span): boolean => a.label === b.label && a.start === b.start && a.end === b.end;
/** As they stand in the text. */
export const inOrder = (a: Span, b: Span): number => a.start - b.start || a.end - b.end || (a.label < b.label ? -1 : 1);
