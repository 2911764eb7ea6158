import type { Question, TaskType } from "@app/app/widget";
import type { Sentence } from "@app/i18n";

/** What the Done key says; null where there is none. */
export const doneKeyOf = (type: Pick<TaskType<unknown, unknown>, "doneKey">, draft: unknown, question: Question): Sentence | null => (type.doneKey ? type.doneKey(draft, question) : "task.done");
