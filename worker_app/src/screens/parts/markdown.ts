/** The Markdown that instructions use, as a tree: the rules of the console's page (CommonMark without HTML and without pictures), for
 * what people write into them. Text stays text: nothing here makes markup. */
export type Inline =
  string | { kind: "strong"; parts: Inline[] } | { kind: "em"; parts: Inline[] } | { kind: "code"; text: string } | { kind: "link"; url: string; parts: Inline[] } | { kind: "break" };
export type Block =
  | { kind: "heading"; level: number; parts: Inline[] }
  | { kind: "p"; parts: Inline[] }
  | { kind: "code"; text: string }
  | { kind: "rule" }
  | { kind: "quote"; blocks: Block[] }
  | { kind: "list"; start: number | null; items: Block[][] };

const DEEPEST = 8;
const BULLET = /^( {0,3})([-*+])( +|$)/;
const NUMBER = /^( {0,3})(\d{1,9})[.)]( +|$)/;
const FENCE = /^ {0,3}(```+|~~~+)/;
const RULE = /^ {0,3}([-*_])( *\1){2,} *$/;
const UNDERLINE = /^ {0,3}(=+|-+) *$/;
const HEADING = /^ {0,3}(#{1,6})(?: +(.*?))?(?: +#+)? *$/;

export const read = (text: string): Block[] => blocksOf(text.replace(/\r\n?/g, "\n").replace(/\t/g, "    ").split("\n"), 0);

function blocksOf(lines: string[], depth: number): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const [block, next] = blockAt(lines, at, depth);
    if (block) blocks.push(block);
    at = next;
  }
  return blocks;
}

/** The block that begins at a line, and the line after it. */
function blockAt(lines: string[], at: number, depth: number): [Block | null, number] {
  const line = lines[at]!;
  if (!line.trim()) return [null, at + 1];
  const fence = FENCE.exec(line);
  if (fence) return fenced(lines, at, fence[1]!);
  const heading = HEADING.exec(line);
  if (heading) return [{ kind: "heading", level: heading[1]!.length, parts: inline(heading[2] ?? "") }, at + 1];
  if (RULE.test(line)) return [{ kind: "rule" }, at + 1];
  if (depth < DEEPEST && /^ {0,3}>/.test(line)) return quoted(lines, at, depth);
  if (depth < DEEPEST && markerOf(line)) return listed(lines, at, depth);
  return paragraph(lines, at);
}

function fenced(lines: string[], at: number, fence: string): [Block, number] {
  const rest = lines.slice(at + 1);
  const end = rest.findIndex((line) => line.trim().startsWith(fence) && !line.trim().replaceAll(fence[0]!, ""));
  const inside = end < 0 ? rest : rest.slice(0, end);
  return [{ kind: "code", text: inside.join("\n") }, at + inside.length + 2];
}

function quoted(lines: string[], at: number, depth: number): [Block, number] {
  const inside: string[] = [];
  for (; at < lines.length && /^ {0,3}>/.test(lines[at]!); at++) inside.push(lines[at]!.replace(/^ {0,3}> ?/, ""));
  return [{ kind: "quote", blocks: blocksOf(inside, depth + 1) }, at];
}

type Marker = { width: number; start: number | null; sign: string };

function markerOf(line: string): Marker | null {
  if (RULE.test(line)) return null;
  const found = BULLET.exec(line) ?? NUMBER.exec(line);
  if (!found) return null;
  const number = /\d/.test(found[2]!);
  const sign = number ? found[0].trim().slice(-1) : found[2]!;
  return { width: found[0].length > 0 ? widthOf(found) : 0, start: number ? Number(found[2]) : null, sign };
}

/** How far what belongs to the item is indented. More than four spaces after the sign are the text's own. */
function widthOf(found: RegExpExecArray): number {
  const spaces = found[3]!.length;
  return found[0].length - spaces + (spaces >= 1 && spaces <= 4 ? spaces : 1);
}

function listed(lines: string[], at: number, depth: number): [Block, number] {
  const first = markerOf(lines[at]!)!;
  const items: Block[][] = [];
  for (let mark: Marker | null = first; mark && mark.sign === first.sign; mark = at < lines.length ? markerOf(lines[at]!) : null) {
    const inside = [lines[at]!.slice(mark.width)];
    at = takeItem(lines, at + 1, mark.width, inside);
    items.push(blocksOf(inside, depth + 1));
  }
  return [{ kind: "list", start: first.start, items }, at];
}

/** Lines that belong to the item: indented as it is, blank ones between such lines, and those that go on with its paragraph. */
function takeItem(lines: string[], at: number, width: number, inside: string[]): number {
  for (; at < lines.length; at++) {
    const line = lines[at]!;
    const indented = line.slice(0, width).trim() === "" && line.trim() !== "";
    if (indented) inside.push(line.slice(width));
    else if (!line.trim()) {
      const next = lines.findIndex((one, i) => i > at && one.trim());
      if (next < 0) return lines.length;
      if (lines[next]!.slice(0, width).trim() !== "") return markerOf(lines[next]!) ? next : at;
      inside.push("");
    } else if (inside.at(-1)!.trim() && !begins(line)) inside.push(line.trim());
    else return at;
  }
  return at;
}

const begins = (line: string): boolean => FENCE.test(line) || HEADING.test(line) || RULE.test(line) || /^ {0,3}>/.test(line) || markerOf(line) !== null;

function paragraph(lines: string[], at: number): [Block, number] {
  const inside = [lines[at]!];
  for (at++; at < lines.length && lines[at]!.trim() && !begins(lines[at]!) && !UNDERLINE.test(lines[at]!); at++) inside.push(lines[at]!);
  const under = at < lines.length ? UNDERLINE.exec(lines[at]!) : null;
  const text = inside
    .map((line) => line.trimStart())
    .join("\n")
    .trimEnd();
  if (under) return [{ kind: "heading", level: under[1]![0] === "=" ? 1 : 2, parts: inline(text) }, at + 1];
  return [{ kind: "p", parts: inline(text) }, at];
}

const ESCAPED = /^\\([!-/:-@[-`{-~])/;
const ENTITY = /^&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|nbsp));/i;
const NAMED: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: "\u00a0" };
const AUTOLINK = /^<((?:https?:\/\/|mailto:)[^\s<>]*)>/i;
/** The addresses that a page of ours leads to; javascript:, data: and the like stay text. */
const SAFE = /^(https?:\/\/|mailto:)/i;

/** Emphasis, code, links and hard breaks of one paragraph. */
export function inline(text: string, depth = 0): Inline[] {
  const parts: Inline[] = [];
  const open: Open = { text, depth, never: new Set() };
  let plain = "";
  const flush = () => {
    if (plain) parts.push(plain);
    plain = "";
  };
  for (let at = 0; at < text.length;) {
    const sign = signAt(text, at);
    const found = sign || depth >= DEEPEST ? null : partAt(open, at);
    if (found) {
      flush();
      parts.push(found[0]);
      if (typeof found[0] === "object" && found[0].kind === "break") trimEnd(parts);
      at += found[1];
    } else if (sign) {
      plain += sign[0];
      at += sign[1];
    } else {
      plain += text[at] === "\n" ? " " : text[at];
      at++;
    }
  }
  flush();
  return parts;
}

/** never: marks that nothing closes any more in this text, so that they are looked for once. */
type Open = { text: string; depth: number; never: Set<string> };

/** A sign that was written so that it is none of Markdown's, and how long that is. */
function signAt(text: string, at: number): [string, number] | null {
  if (text[at] !== "\\" && text[at] !== "&") return null;
  const rest = text.slice(at, at + 12);
  const escaped = ESCAPED.exec(rest);
  if (escaped) return [escaped[1]!, 2];
  const entity = ENTITY.exec(rest);
  if (!entity) return null;
  const [whole, decimal, hex, name] = entity;
  if (name) return [NAMED[name.toLowerCase()]!, whole.length];
  const code = decimal ? Number(decimal) : parseInt(hex!, 16);
  return [code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd", whole.length];
}

/** A hard break takes the spaces before it. */
function trimEnd(parts: Inline[]): void {
  const before = parts.at(-2);
  if (typeof before === "string") parts[parts.length - 2] = before.trimEnd();
}

const SIGNS = new Set(" \\`<[*_");

function partAt(open: Open, at: number): [Inline, number] | null {
  const { text, depth } = open;
  if (!SIGNS.has(text[at]!)) return null;
  const rest = text.slice(at);
  const broken = /^(?: {2,}|\\)\n/.exec(rest);
  if (broken) return [{ kind: "break" }, broken[0].length];
  const code = /^(`+)([\s\S]*?[^`])\1(?!`)/.exec(rest);
  if (code) return [{ kind: "code", text: code[2]!.replace(/\n/g, " ").trim() }, code[0].length];
  const address = AUTOLINK.exec(rest);
  if (address) return [{ kind: "link", url: address[1]!, parts: [address[1]!] }, address[0].length];
  if (rest[0] === "[") return linkAt(rest, depth);
  return rest[0] === "*" || rest[0] === "_" ? emphasisAt(open, at) : null;
}

function linkAt(rest: string, depth: number): [Inline, number] | null {
  const found = /^\[((?:[^[\]\\]|\\.|\[[^\]]*\])*)\]\(\s*<?([^\s<>()]*(?:\([^\s()]*\)[^\s<>()]*)*)>?(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/.exec(rest);
  if (!found || !SAFE.test(found[2]!)) return null;
  return [{ kind: "link", url: found[2]!, parts: inline(found[1]!, depth + 1) }, found[0].length];
}

function emphasisAt({ text, depth, never }: Open, at: number): [Inline, number] | null {
  const sign = text[at]!;
  for (const width of [3, 2, 1]) {
    const mark = sign.repeat(width);
    if (never.has(mark) || !text.startsWith(mark, at) || !opens(text, at, mark)) continue;
    const close = closing(text, at + width, mark);
    if (close < 0) never.add(mark);
    else return [emphasis(width, inline(text.slice(at + width, close), depth + 1)), close + width - at];
  }
  return null;
}

function emphasis(width: number, parts: Inline[]): Inline {
  if (width === 1) return { kind: "em", parts };
  const strong: Inline = { kind: "strong", parts };
  return width === 2 ? strong : { kind: "em", parts: [strong] };
}

const isWord = (sign: string | undefined): boolean => sign !== undefined && /[\p{L}\p{N}]/u.test(sign);
const isSpace = (sign: string | undefined): boolean => sign === undefined || /\s/.test(sign);

const opens = (text: string, at: number, mark: string): boolean => !isSpace(text[at + mark.length]) && !(mark[0] === "_" && isWord(text[at - 1]));

/** Where the mark closes: after a letter or sign, not after a space; underscores not inside a word. */
function closing(text: string, from: number, mark: string): number {
  for (let at = text.indexOf(mark, from); at >= 0; at = text.indexOf(mark, at + 1)) {
    if (text[at - 1] === "\\" || isSpace(text[at - 1]) || at === from) continue;
    if (mark.length === 1 && (text[at + 1] === mark || text[at - 1] === mark)) continue;
    if (mark[0] === "_" && isWord(text[at + mark.length])) continue;
    return at;
  }
  return -1;
}

/** The words alone. */
export const plainOf = (parts: Inline[]): string =>
  parts.map((part) => (typeof part === "string" ? part : part.kind === "code" ? part.text : part.kind === "break" ? " " : plainOf(part.parts))).join("");

/** The first paragraph's words, wherever it stands; "" where there is none. */
export function firstWords(blocks: Block[]): string {
  for (const block of blocks) {
    if (block.kind === "p") return plainOf(block.parts);
    const inner = block.kind === "quote" ? block.blocks : block.kind === "list" ? block.items.flat() : [];
    const words = firstWords(inner);
    if (words) return words;
  }
  return "";
}
