import { useLayoutEffect } from "preact/hooks";
import type { Question } from "@app/app/widget";
import type { Playback } from "./playback";
import { AROUND_MS } from "./wave";
import type { SegmentTool } from "./tool";

/** Space plays; N begins and ends; V takes what is heard; arrows go through the sound, brackets move the ends of the chosen segment. */
export function useKeys(tool: SegmentTool, playback: Playback, question: Question): void {
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
      const target = event.target as HTMLElement;
      if (target.matches("textarea, input:not([type=range])")) return;
      const moves = target.matches("input[type=range]") && event.key.startsWith("Arrow");
      if (moves || (event.key === " " && target.matches("button, a, [role=button]"))) return;
      if (!travel(tool, playback, event) && !press(tool, playback, question, event.key)) return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [tool, playback, question]);
}

function travel(tool: SegmentTool, playback: Playback, { key, shiftKey }: KeyboardEvent): boolean {
  const by = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
  if (by) playback.seek(playback.atMs + by * (shiftKey ? 1000 : 100));
  else if (key === " ") playback.toggle();
  else if ((key === "l" || key === "L") && tool.edge !== null) playback.playAround(tool.edge, AROUND_MS);
  else return false;
  return true;
}

function press(tool: SegmentTool, playback: Playback, question: Question, key: string): boolean {
  const label = /^[1-9]$/.test(key) ? question.labels[Number(key) - 1] : undefined;
  const nudges: Record<string, () => void> = {
    "[": () => tool.nudge(-10, "start"),
    "]": () => tool.nudge(10, "start"),
    "{": () => tool.nudge(-10, "end"),
    "}": () => tool.nudge(10, "end"),
    ",": () => tool.step(-1),
    ".": () => tool.step(1),
    n: () => tool.mark(playback.atMs),
    v: () => playback.seek(tool.take(playback.atMs) ?? playback.atMs),
    h: () => tool.put(playback.atMs, tool.side, "step"),
    Delete: () => tool.remove(),
    Backspace: () => tool.remove(),
    Escape: () => tool.select(-1),
  };
  if (label) tool.setLabel(label.id);
  else if (nudges[key]) nudges[key]();
  else return false;
  return true;
}
