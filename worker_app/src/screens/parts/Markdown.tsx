import type { ComponentChildren } from "preact";
import { read, type Block, type Inline } from "./markdown";

/** Instructions as the console shows them. Never HTML: everything becomes text nodes, and a link leads out of the app. */
export function Markdown({ text }: { text: string }) {
  const blocks = read(text);
  const highest = Math.min(...blocks.map((one) => (one.kind === "heading" ? one.level : Infinity)));
  return <div class="instructions stack tight">{blocks.map((one) => block(one, highest))}</div>;
}

/** highest: the level of heading that the writer begins with, which stands right below the page's own. */
function block(one: Block, highest = 1): ComponentChildren {
  switch (one.kind) {
    case "heading":
      return one.level > highest ? <h3 dir="auto">{one.parts.map(part)}</h3> : <h2 dir="auto">{one.parts.map(part)}</h2>;
    case "p":
      return <p dir="auto">{one.parts.map(part)}</p>;
    case "code":
      return <pre dir="auto">{one.text}</pre>;
    case "rule":
      return <hr />;
    case "quote":
      return <blockquote dir="auto">{one.blocks.map((inner) => block(inner, highest))}</blockquote>;
    case "list": {
      const items = one.items.map((item) => <li dir="auto">{item.length === 1 && item[0]!.kind === "p" ? item[0]!.parts.map(part) : item.map((inner) => block(inner, highest))}</li>);
      return one.start === null ? (
        <ul dir="auto">{items}</ul>
      ) : (
        <ol dir="auto" start={one.start}>
          {items}
        </ol>
      );
    }
  }
}

function part(one: Inline): ComponentChildren {
  if (typeof one === "string") return one;
  if (one.kind === "break") return <br />;
  if (one.kind === "code") return <code>{one.text}</code>;
  if (one.kind === "strong") return <strong>{one.parts.map(part)}</strong>;
  if (one.kind === "em") return <em>{one.parts.map(part)}</em>;
  return (
    <a href={one.url} target="_blank" rel="noopener noreferrer">
      {one.parts.map(part)}
    </a>
  );
}
