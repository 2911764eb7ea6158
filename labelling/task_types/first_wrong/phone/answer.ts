import { labelShown } from "@app/app/looks";
import { pick, t } from "@app/i18n";
import { Unfinished, type AnswerRules, type Question } from "@app/app/widget";
import { nameOf, numbered, type Named } from "@app/screens/parts/part_words";

/** `none`: nothing is wrong. */
export type Draft = { step: string | null; none: boolean; label: string | null; severity: number | null };
type Wrong = { step: string; label: string; severity?: number };
type Value = { wrong: Wrong[] };
type Words = Record<string, string>;
type Settings = { severity?: number; low?: Words; high?: Words };

const STEPS = new Set(["step", "thought", "tool_call", "assistant"]); // what the one who is judged has done or said
export const settingsOf = (question: Question): Settings => question.config as Settings;
export const isStep = ({ part }: Named): boolean => STEPS.has(part.role);
export const partsOf = (question: Question): Named[] => numbered(question.parts ?? []);

/** `3. Thought 2` */
export function nameOfStep(question: Question, id: string): string {
  const steps = partsOf(question).filter(isStep);
  const at = steps.findIndex(({ part }) => part.id === id);
  return at < 0 ? id : `${at + 1}. ${nameOf(steps[at]!)}`;
}

/** A step that is tapped is the first wrong one; tapped again it is not. What was said of another stays: she may have missed it by one. */
export function tapped(draft: Draft, id: string): Draft {
  return draft.step === id ? answer.empty : { ...draft, step: id, none: false };
}

/** The step so many further down; the first or last one where none is chosen. */
export function moved(draft: Draft, by: number, question: Question): Draft {
  const steps = partsOf(question)
    .filter(isStep)
    .map(({ part }) => part.id);
  const from = draft.step === null ? (by > 0 ? -1 : steps.length) : steps.indexOf(draft.step);
  const at = Math.max(0, Math.min(steps.length - 1, from + by));
  return steps.length ? { ...draft, step: steps[at]!, none: false } : draft;
}

/** What a number of how bad means; only the ends have words. */
export function meaningOf(severity: number, question: Question): string {
  const { severity: most, low, high } = settingsOf(question);
  const words = severity === 1 ? low : severity === most ? high : undefined;
  return words ? pick(words) : "";
}

export const answer: AnswerRules<Draft, Value> = {
  empty: { step: null, none: false, label: null, severity: null },
  pictureWidth: 640,
  guess: "after",
  start({ wrong }) {
    const [one] = wrong;
    return one ? { step: one.step, none: false, label: one.label, severity: one.severity ?? null } : { ...answer.empty, none: true };
  },
  finish({ step, none, label, severity }, question) {
    if (none) return { wrong: [] };
    if (step === null) throw new Unfinished("first_wrong.missing");
    const kind = question.labels.length === 1 ? question.labels[0]!.id : label;
    if (kind === null) throw new Unfinished("first_wrong.missing_kind");
    if (!settingsOf(question).severity) return { wrong: [{ step, label: kind }] };
    if (severity === null) throw new Unfinished("first_wrong.missing_severity");
    return { wrong: [{ step, label: kind, severity }] };
  },
  show({ wrong }, question) {
    const [one] = wrong;
    if (!one) return { words: t("first_wrong.none") };
    const bad = one.severity ? `, ${one.severity} / ${settingsOf(question).severity ?? one.severity}` : "";
    return { words: `${nameOfStep(question, one.step)}: ${labelShown(question, one.label).name}${bad}` };
  },
};
