import { loadedTaskType, type Question, type TaskType } from "@app/app/widget";
import type { LabelDef } from "@app/app/types";

type Condition = { question: string; is?: string[]; from?: number; to?: number };
type Setting = { id: string; title: Record<string, string>; type: string; settings?: Record<string, unknown> & { labels?: LabelDef[]; language?: string }; required?: boolean; show_if?: Condition };

/** A question of the form, as its own type knows it. */
export type Asked = { id: string; title: Record<string, string>; required: boolean; showIf: Condition | undefined; type: TaskType<unknown, unknown>; question: Question };
export type Answers = Record<string, unknown>;

const settingsOf = (config: unknown): Setting[] => (config as { questions?: Setting[] }).questions ?? [];

/** The types that its questions are of. */
export const typesIn = (config: unknown): string[] => [...new Set(settingsOf(config).map(({ type }) => type))];

/** Those whose type is on this phone. */
export function questionsOf(question: Question): Asked[] {
  return settingsOf(question.config).flatMap(({ id, title, type: name, settings = {}, required = true, show_if }) => {
    const type = loadedTaskType(name);
    if (!type) return [];
    const inner = { ...question, labels: settings.labels ?? [], config: settings as Question["config"], language: settings.language ?? question.language };
    return [{ id, title, required, showIf: show_if, type, question: inner }];
  });
}

/** The same as applies() of questions.py: labels stand under this key at whatever depth, a number is the one field of its answer. */
export function applies({ showIf }: Asked, answers: Answers): boolean {
  if (!showIf) return true;
  const said = answers[showIf.question];
  if (said === undefined) return false;
  if (showIf.is) return showIf.is.some((label) => holds(said, label));
  const numbers = Object.values(said as object).filter((one) => typeof one === "number");
  return numbers.length === 1 && numbers[0]! >= showIf.from! && numbers[0]! <= showIf.to!;
}

function holds(said: unknown, label: string): boolean {
  if (!said || typeof said !== "object") return false;
  return Object.entries(said).some(([key, one]) => (key === "label" && one === label) || holds(one, label));
}
