import { Further, Unfinished, type AnswerRules, type Question } from "@app/app/widget";
import { applies, questionsOf, titleOf, typesIn, type Answers, type Asked } from "./questions";

/**
 * drafts: of the questions she has been at. given: answers to start from, until she has been at them. left: questions that she leaves out.
 * at: the question on the screen; END is the summary.
 */
export type Draft = { drafts: Record<string, unknown>; given: Answers; left: string[]; at: string };
type Value = { answers: Answers };
export const END = "\u0000end";

export const draftOf = ({ id, type }: Asked, { drafts, given }: Draft): unknown => (id in drafts ? drafts[id] : id in given ? type.start(given[id]) : type.empty);

/** What she has answered, with what is asked after it, in order; of a question that is not answered yet, no value. */
export function path(draft: Draft, question: Question): { asked: Asked; value?: unknown; left: boolean }[] {
  const answers: Answers = {};
  return questionsOf(question).flatMap((asked) => {
    if (!applies(asked, answers)) return [];
    const left = draft.left.includes(asked.id);
    const value = left ? undefined : valueOf(asked, draft);
    if (value !== undefined) answers[asked.id] = value;
    return [{ asked, value, left }];
  });
}

function valueOf(asked: Asked, draft: Draft): unknown {
  if (!(asked.id in draft.drafts) && !(asked.id in draft.given)) return undefined;
  try {
    return asked.type.finish(draftOf(asked, draft), asked.question, true);
  } catch (error) {
    if (error instanceof Unfinished) return undefined;
    if (error instanceof Further) return asked.id in draft.drafts ? undefined : draft.given[asked.id]; // what she was given is whole
    throw error;
  }
}

/** Says what is missing; where the type goes on by itself before it ends (from places to their words), where to. */
function furtherIn({ type, question }: Asked, inner: unknown, sure: boolean): Further | null {
  try {
    type.finish(inner, question, sure);
    return null;
  } catch (error) {
    if (error instanceof Further) return error;
    throw error;
  }
}

/** The question on the screen; of a new form the first. */
export const placeOf = (draft: Draft, question: Question): string => draft.at || (path(draft, question)[0]?.asked.id ?? END);

/** On to what is asked next and not answered yet, or to the summary. */
export function onward(draft: Draft, question: Question, from: string): Draft {
  const steps = path(draft, question);
  const after = steps.slice(steps.findIndex(({ asked }) => asked.id === from) + 1);
  return { ...draft, at: after.find(({ value, left }) => value === undefined && !left)?.asked.id ?? firstOpen(steps) ?? END };
}

const firstOpen = (steps: ReturnType<typeof path>): string | undefined => steps.find(({ asked, value, left }) => value === undefined && !left && asked.required)?.asked.id;

export const answer: AnswerRules<Draft, Value> = {
  empty: { drafts: {}, given: {}, left: [], at: "" },
  guess: "after",
  within: typesIn,
  start: ({ answers }) => ({ drafts: {}, given: answers, left: [], at: END }),
  finish(draft, question, sure) {
    const steps = path(draft, question);
    const at = placeOf(draft, question);
    const here = steps.find(({ asked }) => asked.id === at);
    if (here) {
      const inner = draftOf(here.asked, draft);
      const kept = { ...draft, at, drafts: { ...draft.drafts, [at]: inner }, left: draft.left.filter((id) => id !== at) };
      const further = furtherIn(here.asked, inner, sure);
      throw new Further(further ? { ...kept, drafts: { ...kept.drafts, [at]: further.draft } } : onward(kept, question, at));
    }
    const open = firstOpen(steps);
    if (open) throw new Further({ ...draft, at: open });
    return { answers: Object.fromEntries(steps.flatMap(({ asked, value }) => (value === undefined ? [] : [[asked.id, value]]))) };
  },
  doneKey: (draft, question) => (placeOf(draft, question) === END ? "task.done" : "form.next"),
  show({ answers }, question) {
    const rows = questionsOf(question).flatMap((asked) => (asked.id in answers ? [{ title: titleOf(asked), drawing: asked.type.show(answers[asked.id], asked.question) }] : []));
    return { words: rows.map(({ title, drawing }) => `${title}: ${drawing.words}`).join(" · "), rows };
  },
};
