import { Unfinished, type AnswerRules, type Question, type QuestionPart } from "@app/app/widget";
import { isCompared, nameOf, numbered } from "@app/screens/parts/part_words";

/** Ranks as they were tapped, best first; a part that is in none has not been tapped yet. */
export type Draft = { order: string[][] };
type Value = { order: string[][] };

export const compared = ({ parts = [] }: Question): QuestionPart[] => parts.filter(isCompared);

/** 1 for the best; null for a part that has no place yet. */
export function placeOf({ order }: Draft, id: string): number | null {
  const at = order.findIndex((rank) => rank.includes(id));
  return at < 0 ? null : at + 1;
}

/** The next place, or, tapped again, none: what stood behind moves up. */
export function tapped(draft: Draft, id: string): Draft {
  if (placeOf(draft, id) === null) return { order: [...draft.order, [id]] };
  return { order: draft.order.map((rank) => rank.filter((part) => part !== id)).filter((rank) => rank.length) };
}

/** The last rank is as good as the one before it. */
export function joined({ order }: Draft): Draft {
  if (order.length < 2) return { order };
  return { order: [...order.slice(0, -2), [...order.at(-2)!, ...order.at(-1)!]] };
}

/** The only one that is left is the last: nobody has to tap it. */
export function whole(draft: Draft, ids: string[]): Draft {
  const left = ids.filter((id) => placeOf(draft, id) === null);
  return left.length === 1 && ids.length > 1 ? { order: [...draft.order, left] } : draft;
}

export function inWords({ order }: Value, question: Question): string {
  const names = new Map(numbered(question.parts ?? []).map((one) => [one.part.id, nameOf(one)]));
  return order.map((rank) => rank.map((id) => names.get(id) ?? id).join(" = ")).join(" › ");
}

export const answer: AnswerRules<Draft, Value> = {
  empty: { order: [] },
  pictureWidth: 640,
  guess: "after",
  start: ({ order }) => ({ order }),
  finish(draft, question) {
    const ids = compared(question).map(({ id }) => id);
    const { order } = whole(draft, ids);
    if (ids.some((id) => placeOf({ order }, id) === null)) throw new Unfinished("ranking.missing");
    return { order };
  },
  show: (value, question) => ({ words: inWords(value, question) }),
};
