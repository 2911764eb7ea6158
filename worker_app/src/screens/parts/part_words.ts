/** What parts are called and how they are folded; needs no screen. */
import type { QuestionPart } from "@app/app/widget";
import { t } from "@app/i18n";

const LONG = 600; // characters: about two thirds of a small screen
const SHORT = LONG / 5; // what may stay in sight while the rest is read
const ASKED = new Set(["prompt"]);

/** What is compared. On the screen it has no side of its own: that is drawn for each loan, so it is told by its place alone. */
export const isCompared = ({ role }: QuestionPart): boolean => role === "candidate" || role === "left" || role === "right";

const TURNS = new Set(["user", "assistant", "tool_call", "tool_result", "thought", "step"]);

/** What follows another: who judges one has heard those before it, and none after. */
export const isTurn = ({ role }: QuestionPart): boolean => TURNS.has(role);

/** Under which it is counted, and called. */
function callingOf(part: QuestionPart): string {
  if (!isCompared(part)) return part.role;
  return part.kind === "image" || part.kind === "audio" || part.kind === "video" ? part.kind : "candidate";
}

/** `n`: its place among those of the same role, where there are several. */
export type Named = { part: QuestionPart; n: number | null; sticks: boolean };

export function numbered(parts: QuestionPart[]): Named[] {
  const seen: Record<string, number> = {};
  return parts.map((part) => {
    const called = callingOf(part);
    const n = (seen[called] = (seen[called] ?? 0) + 1);
    const many = parts.filter((one) => callingOf(one) === called).length > 1;
    return { part, n: many ? n : null, sticks: ASKED.has(part.role) && saidIn(part).length < SHORT };
  });
}

export function nameOf({ part, n }: Named): string {
  const role = t(`part.${callingOf(part)}`);
  return n === null ? role : t("part.numbered", { role, n });
}

/** JSON on lines of its own, as people read it. */
export function saidIn(part: QuestionPart): string {
  return part.text ?? (part.json === undefined ? "" : JSON.stringify(part.json, null, 2));
}

/** What a tool gave is closed until she wants it; so is what would push all else off the screen. */
export function folds(part: QuestionPart): boolean {
  return part.role === "tool_result" || saidIn(part).length > LONG;
}
