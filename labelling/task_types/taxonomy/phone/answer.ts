import { Unfinished, type AnswerRules } from "@app/app/widget";
import { pathOf, treeOf } from "./tree";

/** `at`: whose children she sees, null at the top; `label`: what she has chosen. */
export type Draft = { at: string | null; label: string | null };
type Value = { label: string };

export const answer: AnswerRules<Draft, Value> = {
  empty: { at: null, label: null },
  pictureWidth: 640,
  guess: "after",
  start: ({ label }) => ({ at: null, label }),
  finish({ label, at }) {
    if (label === null) throw new Unfinished(at === null ? "taxonomy.missing" : "taxonomy.further");
    return { label };
  },
  show({ label }, question) {
    const node = treeOf(question).byId.get(label);
    return { words: node ? pathOf(node) : label };
  },
};
