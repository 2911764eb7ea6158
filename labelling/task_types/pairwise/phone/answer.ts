import { Unfinished, type AnswerRules, type Question, type QuestionPart } from "@app/app/widget";
import { t } from "@app/i18n";
import { isCompared, nameOf, numbered } from "@app/screens/parts/part_words";

export const SAME = "same";
export const NEITHER = "neither";
export type Draft = { chosen: string | null };
type Value = { chosen: string };

/** The parts that are compared, in the order that she sees. */
export const compared = ({ parts = [] }: Question): QuestionPart[] => parts.filter(isCompared);

/** What can be said, in the order of the keys: each part, then that they are alike, then that none is good. */
export const sayable = (question: Question): string[] => [...compared(question).map(({ id }) => id), SAME, NEITHER];

export function nameOfChoice(question: Question, chosen: string): string {
  const one = numbered(question.parts ?? []).find(({ part }) => part.id === chosen);
  if (one) return nameOf(one);
  const many = compared(question).length > 2 ? "_many" : "";
  return chosen === SAME || chosen === NEITHER ? t(`pairwise.${chosen}${many}`) : chosen;
}

export const answer: AnswerRules<Draft, Value> = {
  empty: { chosen: null },
  oneTap: true,
  pictureWidth: 1280,
  guess: "after",
  start: ({ chosen }) => ({ chosen }),
  finish({ chosen }) {
    if (chosen === null) throw new Unfinished("pairwise.missing");
    return { chosen };
  },
  show: ({ chosen }, question) => ({ words: nameOfChoice(question, chosen) }),
};
