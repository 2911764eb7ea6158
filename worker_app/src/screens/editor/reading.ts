import { Doubtful, Further, Unfinished, type Question, type TaskType } from "@app/app/widget";

type Kind = TaskType<unknown, unknown>;

/** What a draft comes to: an answer; or what it lacks, or makes one doubt, and the draft on which that is seen. */
export type Read = { value: unknown } | { missing: string; at: unknown } | { doubt: string; at: unknown };

const MAX_STEPS = 200; // screens of one answer

/** An answer of several screens is read through all of them, wherever the person stands. */
export function readDraft(type: Kind, draft: unknown, question: Question, sure: boolean): Read {
  let at = draft;
  for (let step = 0; step < MAX_STEPS; step++) {
    try {
      return { value: type.finish(at, question, sure) };
    } catch (error) {
      if (error instanceof Unfinished) return { missing: error.message, at };
      if (error instanceof Doubtful) return { doubt: error.message, at };
      if (!(error instanceof Further)) throw error;
      at = error.draft;
    }
  }
  throw new Error(`${MAX_STEPS} screens, and no end`);
}

/** The next screen of the answer; null where this is the last, or where it is not done. */
export function nextScreen(type: Kind, draft: unknown, question: Question): unknown {
  try {
    type.finish(draft, question, true);
  } catch (error) {
    if (error instanceof Further) return error.draft;
    if (!(error instanceof Unfinished)) throw error;
  }
  return null;
}
