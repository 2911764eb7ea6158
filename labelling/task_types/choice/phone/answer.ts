import { labelShown } from "@app/app/looks";
import { Unfinished, type AnswerRules, type Question } from "@app/app/widget";

export type Draft = { label: string | null };
type Value = { label: string };

/** Where a card was pushed: far enough, and clearly to one side; else it goes back to its place. */
export function pushedTo(dx: number, dy: number, widthPx: number, hasUp: boolean): Side | null {
  const far = Math.min(120, widthPx / 4);
  if (Math.abs(dx) >= far && Math.abs(dx) > Math.abs(dy)) return dx < 0 ? "left" : "right";
  return hasUp && -dy >= far && -dy > Math.abs(dx) ? "up" : null;
}

export type Side = "left" | "right" | "up";
export const SIDES: Side[] = ["left", "right", "up"]; // of the first, the second and the third label

/** Shown as a card, which is answered by pushing it: there is nothing to be done with then. */
export const isCard = ({ config }: Question): boolean => (config as { look?: string }).look === "swipe";

export const answer: AnswerRules<Draft, Value> = {
  empty: { label: null },
  oneTap: true,
  pictureWidth: 640,
  guess: "after",
  start: ({ label }) => ({ label }),
  finish(draft) {
    if (draft.label === null) throw new Unfinished("choice.missing");
    return { label: draft.label };
  },
  doneKey: (_, question) => (isCard(question) ? null : "task.done"),
  show: ({ label }, question) => ({ words: labelShown(question, label).name }),
};
