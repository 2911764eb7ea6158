import { useRef } from "preact/hooks";
import { byDigit, useKeys } from "@app/app/keys";
import type { Question } from "@app/app/widget";
import type { SpanTool } from "./tool";
import { runsFromTheRight, type Word } from "./words";

/** Arrows go from word to word, with Shift they mark on the way; Enter or the space bar is a tap; digits are labels. */
export function useSpanKeys(tool: SpanTool, question: Question): void {
  const from = useRef<Word | null>(null);
  useKeys((event) => pressed(tool, question, event, from));
}

/** from: where marking with Shift began. */
export function pressed(tool: SpanTool, question: Question, event: KeyboardEvent, from: { current: Word | null }): boolean {
  const here = wordUnder(tool, event.target as HTMLElement);
  return (here !== undefined && walk(tool, here, event, from)) || press(tool, question, event.key);
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
  const label = byDigit(key, question.labels);
  if (label) tool.setLabel(label.id);
  else if (key === "Delete" || key === "Backspace") tool.remove();
  else if (key === "Escape") tool.select(-1);
  else if (key === "," || key === ".") tool.step(key === "," ? -1 : 1);
  else if (key === "[" || key === "]") tool.stretch("start", key === "[" ? -1 : 1);
  else if (key === "{" || key === "}") tool.stretch("end", key === "{" ? -1 : 1);
  else return false;
  return true;
}
