import { labelShown } from "@app/app/looks";
import { t } from "@app/i18n";
import type { LabelDef } from "@app/app/types";
import { Unfinished, type AnswerRules, type Question } from "@app/app/widget";

/** `none`: she says that nothing fits, which is something else than not having said anything. */
export type Draft = { labels: string[]; none: boolean };
type Value = { labels: string[] };
type Settings = { none?: boolean; most?: number; groups?: { name: Record<string, string>; first: number }[] };

export const settingsOf = (question: Question): Settings => question.config as Settings;
export const mostOf = (question: Question): number => settingsOf(question).most ?? question.labels.length;

/** With one more or one less; as it was when there is no room for more. */
export function toggled({ labels }: Draft, id: string, most: number): Draft {
  if (labels.includes(id)) return { labels: labels.filter((one) => one !== id), none: false };
  return { labels: labels.length < most ? [...labels, id] : labels, none: false };
}

export type Group = { name: Record<string, string> | null; labels: LabelDef[] };

/** The labels under the names of their groups; those before the first group have none. */
export function groupsOf(question: Question): Group[] {
  const groups = settingsOf(question).groups ?? [];
  const starts = groups.map(({ first }) => first - 1);
  const ends = [...starts.slice(1), question.labels.length];
  const named = groups.map(({ name }, k) => ({ name, labels: question.labels.slice(starts[k], ends[k]) }));
  const before = question.labels.slice(0, starts[0] ?? question.labels.length);
  return before.length ? [{ name: null, labels: before }, ...named] : named;
}

export const answer: AnswerRules<Draft, Value> = {
  empty: { labels: [], none: false },
  pictureWidth: 640,
  guess: "after",
  start: ({ labels }) => ({ labels: [...labels], none: labels.length === 0 }),
  finish({ labels, none }, question) {
    if (!labels.length && !none) throw new Unfinished(settingsOf(question).none === false ? "choices.missing" : "choices.missing_or_none");
    return { labels: [...labels].sort() };
  },
  doneKey: ({ labels, none }) => (labels.length ? ["choices.done", { n: labels.length }] : none ? "choices.done_none" : "task.done"),
  show({ labels }, question) {
    const asked = question.labels.map(({ id }) => id);
    const place = (id: string) => (asked.includes(id) ? asked.indexOf(id) : asked.length);
    const named = [...labels].sort((a, b) => place(a) - place(b)).map((id) => labelShown(question, id).name);
    return { words: named.join(", ") || t("choices.none") };
  },
};
