import { byDigit, useKeys } from "@app/app/keys";
import type { Question } from "@app/app/widget";
import type { Playback } from "./playback";
import { AROUND_MS } from "./wave";
import type { SegmentTool } from "./tool";

/** Space plays; N begins and ends; V takes what is heard; arrows go through the sound, brackets move the ends of the chosen segment. */
export function useSegmentKeys(tool: SegmentTool, playback: Playback, question: Question): void {
  useKeys((event) => pressed(tool, playback, question, event));
}

export function pressed(tool: SegmentTool, playback: Playback, question: Question, event: KeyboardEvent): boolean {
  return !isOfItsTarget(event) && (travel(tool, playback, event) || press(tool, playback, question, event.key));
}

/** Written text, the arrows of a slider, and the space bar on a key. */
function isOfItsTarget({ key, target }: KeyboardEvent): boolean {
  const on = (which: string) => (target as HTMLElement).matches(which);
  return on("textarea, input:not([type=range])") || (key.startsWith("Arrow") && on("input[type=range]")) || (key === " " && on("button, a, [role=button]"));
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
  const label = byDigit(key, question.labels);
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
