import { pick } from "@app/i18n";
import { Unfinished, type AnswerRules, type Question } from "@app/app/widget";

/** null: not rated yet. A slider that nobody touched is no answer. */
export type Draft = { rating: number | null };
type Value = { rating: number };
type Words = Record<string, string>;
type Settings = { scale?: number; look?: "stars" | "faces" | "numbers"; low?: Words; high?: Words };

const SLIDER = 100;
export const settingsOf = (question: Question): Settings => question.config as Settings;
export const highestOf = (question: Question): number => settingsOf(question).scale ?? 5;
export const hasSlider = (question: Question): boolean => highestOf(question) === SLIDER;
export const lowestOf = (question: Question): number => (hasSlider(question) ? 0 : 1);

/** What an end of the scale means; nothing between the ends. */
export function meaningOf(rating: number, question: Question): string {
  const { low, high } = settingsOf(question);
  const said = rating === lowestOf(question) ? low : rating === highestOf(question) ? high : undefined;
  return said ? pick(said) : "";
}

/** A step up or down; the first one comes from the middle of the scale. */
export function moved(rating: number | null, step: number, question: Question): number {
  const [low, high] = [lowestOf(question), highestOf(question)];
  const from = rating ?? Math.round((low + high) / 2) - step;
  return Math.max(low, Math.min(high, from + step));
}

export const answer: AnswerRules<Draft, Value> = {
  empty: { rating: null },
  oneTap: true,
  pictureWidth: 640,
  guess: "after",
  start: ({ rating }) => ({ rating }),
  finish({ rating }) {
    if (rating === null) throw new Unfinished("rating.missing");
    return { rating };
  },
  show({ rating }, question) {
    const meant = meaningOf(rating, question);
    return { words: `${rating} / ${highestOf(question)}${meant ? ` · ${meant}` : ""}` };
  },
};
