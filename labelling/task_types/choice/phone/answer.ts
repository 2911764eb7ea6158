import { labelShown } from "@app/app/looks";
import { Unfinished, type AnswerRules } from "@app/app/widget";

export type Draft = { label: string | null };
type Value = { label: string };

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
  show: ({ label }, question) => ({ words: labelShown(question, label).name }),
};
