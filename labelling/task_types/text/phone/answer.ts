import { Unfinished, type AnswerRules } from "@app/app/widget";

export type Draft = { text: string };
type Value = { text: string };
const MAX_CODE_POINTS = 5000;
const CONTROL = /[^\P{Cc}\n\t]|\p{Cs}/gu; // pasted in unseen; the server refuses them

export const answer: AnswerRules<Draft, Value> = {
  empty: { text: "" },
  guess: "before",
  start: ({ text }) => ({ text }),
  finish(draft) {
    const text = draft.text.replace(CONTROL, "").normalize("NFC").trim();
    if (!text) throw new Unfinished("text.missing");
    if ([...text].length > MAX_CODE_POINTS) throw new Unfinished("text.too_long");
    return { text };
  },
  show: ({ text }) => ({ words: text, text: true }),
};
