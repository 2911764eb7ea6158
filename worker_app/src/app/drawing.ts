import type { Look } from "./looks";
import type { Point, Rect } from "@app/geometry/box";

/** On the picture, in its pixels. */
export type Outline =
  | ({ kind: "rectangle"; label: Look } & Rect)
  | { kind: "polygon"; label: Look; points: Point[] }
  | { kind: "area"; label: Look; rings: Point[][] } // what lies in an odd number of them
  | ({ kind: "point"; label: Look } & Point)
  | { kind: "skeleton"; label: Look; points: ((Point & { hidden: boolean }) | null)[]; edges: [number, number][] };
/** In the text, from one code point up to another. */
export type Marked = { kind: "span"; label: Look; start: number; end: number };
/** In a sound or film. */
export type Range = { kind: "range"; label: Look; startMs: number; endMs: number };
/** A stretch of a text beside another: in both, taken out, or put in. */
export type Change = { kind: "same" | "out" | "in"; text: string };

/**
 * An answer to look at, of whatever type: in words, and what is drawn on the item. `text`: the words are hers, in the language of the task,
 * not a label's; `changes`: what they change of another text. `rows`: several answers under each other, each with what was asked.
 */
export type Drawing = { words: string; text?: boolean; changes?: Change[]; shapes?: (Outline | Marked | Range)[]; rows?: { title: string; drawing: Drawing }[] };

/** What a drawing is drawn on, so that the same picture or text is not shown beside it again. */
export function drawnOn({ shapes = [] }: Drawing): "picture" | "text" | "sound" | null {
  const kind = shapes[0]?.kind;
  if (!kind) return null;
  return kind === "span" ? "text" : kind === "range" ? "sound" : "picture";
}

/** A stretch of the text, all the marks that lie over it, and those that end with it. */
export type Stretch = { text: string; marks: Marked[]; ended: Marked[] };

/** Cuts a text where a mark begins or ends; marks may overlap. Offsets are code points, as everywhere outside of JavaScript. */
export function stretchesOf(text: string, marks: Marked[]): Stretch[] {
  const letters = [...text];
  const within = (at: number) => Math.max(0, Math.min(letters.length, at));
  const cuts = [...new Set([0, letters.length, ...marks.flatMap(({ start, end }) => [within(start), within(end)])])].sort((a, b) => a - b);
  return cuts.slice(1).map((end, k) => {
    const start = cuts[k]!;
    const over = marks.filter((mark) => mark.start < end && mark.end > start);
    return { text: letters.slice(start, end).join(""), marks: over, ended: over.filter((mark) => within(mark.end) === end) };
  });
}
