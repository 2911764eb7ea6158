import { Doubtful, Unfinished, type AnswerRules, type Question } from "@app/app/widget";
import { changesOf } from "./changes";

/** text: null until she has written anything. */
export type Draft = { text: string | null };
type Value = { text: string };
const MAX_CODE_POINTS = 5000;
const CONTROL = /[^\P{Cc}\n\t]|\p{Cs}/gu; // pasted in unseen; the server refuses them

/** The text that hers starts from; empty where it starts from nothing. */
export const originalOf = ({ config, text }: Question): string => (config.kind === "rewrite" ? text : "");

export const writtenOf = ({ text }: Draft, question: Question): string => text ?? originalOf(question);

const clean = (text: string): string => text.replace(CONTROL, "").normalize("NFC").trim();

export const answer: AnswerRules<Draft, Value> = {
  empty: { text: null },
  guess: "before",
  start: ({ text }) => ({ text }),
  finish(draft, question, sure) {
    const text = clean(writtenOf(draft, question));
    if (!text) throw new Unfinished("text.missing");
    if ([...text].length > MAX_CODE_POINTS) throw new Unfinished("text.too_long");
    if (!sure && text === clean(originalOf(question))) throw new Doubtful("text.unchanged");
    return { text };
  },
  show({ text }, question) {
    const original = originalOf(question);
    return { words: text, text: true, ...(original && { changes: changesOf(original, text) }) };
  },
};
