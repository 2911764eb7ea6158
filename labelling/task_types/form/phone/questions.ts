import { loadedTaskType, type Question, type QuestionPart, type TaskType } from "@app/app/widget";
import { pick } from "@app/i18n";
import { saidIn } from "@app/screens/parts/part_words";
import type { LabelDef } from "@app/app/types";

type Condition = { question: string; is?: string[]; from?: number; to?: number };
type Setting = { id: string; title: Record<string, string>; type: string; settings?: Record<string, unknown> & { labels?: LabelDef[]; language?: string }; required?: boolean; each?: string[]; show_if?: Condition };

/** A question of the form, as its own type knows it. */
export type Asked = { id: string; part: QuestionPart | null; place: string; title: Record<string, string>; required: boolean; showIf: Condition | undefined; type: TaskType<unknown, unknown>; question: Question };
export type Answers = Record<string, unknown>;

const settingsOf = (config: unknown): Setting[] => (config as { questions?: Setting[] }).questions ?? [];

/** The types that its questions are of. */
export const typesIn = (config: unknown): string[] => [...new Set(settingsOf(config).map(({ type }) => type))];

/** Those whose type is on this phone; what is asked of each part, one part after the other (questions_of() of questions.py). */
export function questionsOf(question: Question): Asked[] {
  return settingsOf(question.config).flatMap(({ id, title, type: name, settings = {}, required = true, each, show_if }) => {
    const type = loadedTaskType(name);
    if (!type) return [];
    const inner = { ...question, labels: settings.labels ?? [], config: settings as Question["config"], language: settings.language ?? question.language };
    const asked: Asked = { id, part: null, place: "", title, required, showIf: show_if, type, question: inner };
    if (!each) return [asked];
    const parts = (question.parts ?? []).filter(({ role }) => each.includes(role));
    return parts.map((part, k) => ({ ...asked, id: `${id}/${part.id}`, part, place: `${k + 1} / ${parts.length}`, question: ofPart(inner, part, each) }));
  });
}

/** About one part alone: its words or its picture, and what is no part of that kind, to read with it. */
function ofPart(question: Question, part: QuestionPart, each: string[]): Question {
  const beside = (question.parts ?? []).filter(({ role }) => !each.includes(role));
  const { width_px: widthPx = 0, height_px: heightPx = 0 } = part as { width_px?: number; height_px?: number };
  const { parts: _, ...alone } = question;
  return { ...alone, ...(beside.length && { parts: beside }), text: saidIn(part), widthPx: widthPx ?? 0, heightPx: heightPx ?? 0 };
}

/** The same as applies() of questions.py: labels stand under this key at whatever depth, a number is the one field of its answer. */
export function applies({ showIf, part }: Asked, answers: Answers): boolean {
  if (!showIf) return true;
  const said = answers[`${showIf.question}/${part?.id}`] ?? answers[showIf.question];
  if (said === undefined) return false;
  if (showIf.is) return showIf.is.some((label) => holds(said, label));
  const numbers = Object.values(said as object).filter((one) => typeof one === "number");
  return numbers.length === 1 && numbers[0]! >= showIf.from! && numbers[0]! <= showIf.to!;
}

function holds(said: unknown, label: string): boolean {
  if (!said || typeof said !== "object") return false;
  return Object.entries(said).some(([key, one]) => (key === "label" && one === label) || holds(one, label));
}

/** What is asked, and of which of several parts. */
export const titleOf = ({ title, place }: Asked): string => (place ? `${pick(title)} (${place})` : pick(title));
