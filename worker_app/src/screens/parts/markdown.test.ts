/** Held to what the console shows (tests/phone/test_markdown.py). */
import { describe, expect, it } from "vitest";
import { inline, plainOf, read, type Block, type Inline } from "./markdown";

type Case = { text: string; html: string };
const FILES = import.meta.glob<Case[]>("../../../../tests/phone/vectors/markdown.json", { eager: true, import: "default" });
const CASES = Object.values(FILES)[0]!;

const escaped = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

function htmlOf(block: Block): string {
  if (block.kind === "heading") return `<h${block.level}>${inlineOf(block.parts)}</h${block.level}>`;
  if (block.kind === "p") return `<p>${inlineOf(block.parts)}</p>`;
  if (block.kind === "code") return `<pre><code>${escaped(block.text)}</code></pre>`;
  if (block.kind === "rule") return "<hr>";
  if (block.kind === "quote") return `<blockquote>${block.blocks.map(htmlOf).join("")}</blockquote>`;
  const items = block.items.map((item) => `<li>${item.map(htmlOf).join("")}</li>`).join("");
  if (block.start === null) return `<ul>${items}</ul>`;
  return block.start === 1 ? `<ol>${items}</ol>` : `<ol start="${block.start}">${items}</ol>`;
}

const inlineOf = (parts: Inline[]): string => parts.map(partOf).join("");

function partOf(part: Inline): string {
  if (typeof part === "string") return escaped(part);
  if (part.kind === "break") return "<br>";
  if (part.kind === "code") return `<code>${escaped(part.text)}</code>`;
  if (part.kind === "link") return `<a href="${escaped(part.url)}">${inlineOf(part.parts)}</a>`;
  return `<${part.kind}>${inlineOf(part.parts)}</${part.kind}>`;
}

function shown(text: string): string {
  const html = read(text).map(htmlOf).join("");
  return html.includes("<li>") ? html.replace(/<\/?p>/g, "") : html;
}

/** A line's end is a space to whoever reads it. */
const asRead = (html: string): string =>
  html
    .split(/(<pre>[\s\S]*?<\/pre>)/)
    .map((part) => (part.startsWith("<pre>") ? part.replace(/\n<\/code>/, "</code>") : part.replace(/\n/g, " ")))
    .join("");

describe("Markdown", () => {
  it.each(CASES)("reads %j as the console does", ({ text, html }) => {
    expect(asRead(shown(text))).toBe(asRead(html));
  });

  it("keeps addresses that run something as text", () => {
    for (const url of ["javascript:alert(1)", "JAVASCRIPT:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "vbscript:x", "//example.org", "/console/"]) {
      expect(JSON.stringify(read(`[x](${url}) <${url}>`))).not.toContain('"link"');
    }
  });

  it("comes to an end with whatever is written", () => {
    const hostile = [">".repeat(5000), "- ".repeat(3000), "*".repeat(5000), "[".repeat(3000), "`".repeat(3000), "**a ".repeat(2000), "1. ".repeat(2000)];
    for (const text of hostile) {
      const before = performance.now();
      read(text);
      expect(performance.now() - before, text.slice(0, 8)).toBeLessThan(1500);
    }
  });

  it("says the words alone", () => {
    expect(plainOf(inline("Draw a **box** around [each](https://example.org) `cat`."))).toBe("Draw a box around each cat.");
  });
});
