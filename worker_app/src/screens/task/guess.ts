import type { Task } from "./next_task";

/** Whether a computer's guess stands beside the task from the beginning. */
export const showsGuess = ({ packed, type }: Task): boolean => Boolean(packed.suggestion) && type.guess === "before";

/** Whether the computer said something else than she does, where she is told only after her own answer. */
export function differs({ packed, type }: Task, value: unknown): boolean {
  return Boolean(packed.suggestion) && type.guess === "after" && canonical(packed.suggestion!.value) !== canonical(value);
}

/** The same for the same fields in any order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (inner && typeof inner === "object" && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort()) : inner));
}
