import { useLayoutEffect, useRef } from "preact/hooks";
import type { Question } from "@app/app/widget";
import type { SpanTool } from "./tool";
import { runsFromTheRight, type Word } from "./words";

/** Arrows go from word to word, with Shift they mark on the way; Enter or the space bar is a tap; digits are labels. */
export function useKeys(tool: SpanTool, question: Question): void {
  const from = useRef<Word | null>(null); // where marking with Shift began
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
      const here = wordUnder(tool, event.target as HTMLElement);
      if (!(here && walk(tool, here, event, from)) && !press(tool, question, event.key)) return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [tool, question]);
}

function wordUnder(tool: SpanTool, target: HTMLElement): Word | undefined {
  const { start } = target.dataset ?? {};
  return start === undefined ? undefined : tool.words.find((word) => word.start === Number(start));
}

function walk(tool: SpanTool, here: Word, event: KeyboardEvent, from: { current: Word | null }): boolean {
  if (event.key === "Enter" || event.key === " ") {
    tool.tap(here);
    return true;
  }
  const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (!by) return false;
  const next = tool.words[tool.words.indexOf(here) + (runsFromTheRight(tool.text) ? -by : by)];
  if (!next) return true;
  document.querySelector<HTMLElement>(`[data-start="${next.start}"]`)?.focus();
  if (event.shiftKey) tool.reach((from.current ??= here), next);
  else from.current = null;
  return true;
}

function press(tool: SpanTool, question: Question, key: string): boolean {
  const label = /^[1-9]$/.test(key) ? question.labels[Number(key) - 1] : undefined;
  if (label) tool.setLabel(label.id);
  else if (key === "Delete" || key === "Backspace") tool.remove();
  else if (key === "Escape") tool.select(-1);
  else if (key === "," || key === ".") tool.step(key === "," ? -1 : 1);
  else if (key === "[" || key === "]") tool.stretch("start", key === "[" ? -1 : 1);
  else if (key === "{" || key === "}") tool.stretch("end", key === "{" ? -1 : 1);
  else return false;
  return true;
}
