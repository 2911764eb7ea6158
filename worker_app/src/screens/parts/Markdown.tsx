import type { ComponentChildren } from "preact";

/** The part of Markdown that instructions use: headings, lists, bold, emphasis. Never HTML: everything becomes text nodes. */
export function Markdown({ text }: { text: string }) {
  return <div class="instructions stack tight">{blocksOf(text).map(renderBlock)}</div>;
}

type Block = { kind: "h1" | "h2" | "ul" | "ol" | "p"; lines: string[] };

function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | null = null;
  for (const line of text.split("\n")) {
    const block = readLine(line.trim());
    if (!block) {
      open = null;
    } else if (open && open.kind === block.kind && !block.kind.startsWith("h")) {
      open.lines.push(...block.lines);
    } else {
      open = block;
      blocks.push(open);
    }
  }
  return blocks;
}

function readLine(line: string): Block | null {
  if (!line) return null;
  const heading = /^(#+)\s+(.*)/.exec(line);
  if (heading) return { kind: heading[1]!.length > 1 ? "h2" : "h1", lines: [heading[2]!] };
  const bullet = /^[-*]\s+(.*)/.exec(line);
  if (bullet) return { kind: "ul", lines: [bullet[1]!] };
  const numbered = /^\d+[.)]\s+(.*)/.exec(line);
  if (numbered) return { kind: "ol", lines: [numbered[1]!] };
  return { kind: "p", lines: [line] };
}

function renderBlock({ kind: Tag, lines }: Block) {
  if (Tag === "p") return <p dir="auto">{inline(lines.join(" "))}</p>;
  if (Tag === "h1") return <h2 dir="auto">{inline(lines[0]!)}</h2>;
  if (Tag === "h2") return <h3 dir="auto">{inline(lines[0]!)}</h3>;
  return <Tag dir="auto">{lines.map((line) => <li>{inline(line)}</li>)}</Tag>;
}

function inline(text: string): ComponentChildren[] {
  return text.split(/(\*\*[^*]+\*\*|\*[^*]+\*|_[^_]+_)/).map((part) => {
    if (/^\*\*.+\*\*$/.test(part)) return <strong>{part.slice(2, -2)}</strong>;
    if (/^([*_]).+\1$/.test(part)) return <em>{part.slice(1, -1)}</em>;
    return part;
  });
}
