/**
 * A text in words that a finger can take hold of. Offsets are code points, as the server counts them; JavaScript's own, which count some
 * letters twice, never leave this file.
 */
export type Word = { start: number; end: number; text: string };
/** Where a mark may begin and where it may end. */
export type Edges = { starts: number[]; ends: number[] };

type Piece = { text: string; solid: boolean };

const isBlank = (text: string): boolean => !/\P{White_Space}/u.test(text);
const lengthOf = (text: string): number => [...text].length;

/** What stands between white space, cut as the language cuts it: Chinese and Thai by their dictionary, a full stop by itself. */
export function wordsOf(text: string, language = ""): Word[] {
  return placed(piecesOf(text, "word", language));
}

/** What a reader takes for one letter: with its accents, a whole emoji. */
export function lettersOf(text: string, language = ""): Word[] {
  return placed(piecesOf(text, "grapheme", language));
}

export const edgesOf = (parts: Word[]): Edges => ({ starts: parts.map(({ start }) => start), ends: parts.map(({ end }) => end) });

function placed(pieces: Piece[]): Word[] {
  let at = 0;
  const words: Word[] = [];
  for (const { text, solid } of pieces) {
    const end = at + lengthOf(text);
    if (solid) words.push({ start: at, end, text });
    at = end;
  }
  return words;
}

function piecesOf(text: string, granularity: "word" | "grapheme", language: string): Piece[] {
  const cut = segmenter(granularity, language);
  const texts = cut ? [...cut.segment(text)].map(({ segment }) => segment) : (text.match(granularity === "word" ? PLAIN_WORDS : PLAIN_LETTERS) ?? []);
  return texts.map((piece) => ({ text: piece, solid: !isBlank(piece) }));
}

// For browsers without dictionaries: runs of letters and digits, scripts without spaces letter by letter, signs by themselves.
const UNSPACED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`;
export const PLAIN_WORDS = new RegExp(String.raw`\p{White_Space}+|[${UNSPACED}]\p{M}*|(?:(?![${UNSPACED}])[\p{L}\p{N}][\p{M}'’]*)+|[^]`, "gu");
const PLAIN_LETTERS = /\P{M}\p{M}*|\p{M}/gu;

function segmenter(granularity: "word" | "grapheme", language: string): Intl.Segmenter | null {
  if (!("Segmenter" in Intl)) return null;
  try {
    return new Intl.Segmenter(language || undefined, { granularity });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // a language tag that this browser can't read
    return new Intl.Segmenter(undefined, { granularity });
  }
}

/** Whether the text runs from the right: its first letter of a direction says so. */
export function runsFromTheRight(text: string): boolean {
  const letter = /\p{L}/u.exec(text)?.[0] ?? "";
  return /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u.test(letter);
}

export const cut = (text: string, start: number, end: number): string => [...text].slice(start, end).join("");

/** Without the white space at its ends; null when nothing is left. */
export function trimmed<R extends { start: number; end: number }>(text: string, range: R): R | null {
  const letters = [...text];
  let [start, end] = [Math.max(0, range.start), Math.min(letters.length, range.end)];
  while (start < end && isBlank(letters[start]!)) start++;
  while (end > start && isBlank(letters[end - 1]!)) end--;
  return start < end ? { ...range, start, end } : null;
}
