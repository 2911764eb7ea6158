import { loadedTaskType, type Question, type QuestionPart, type TaskType } from "@app/app/widget";
import { pick } from "@app/i18n";
import { isTurn, saidIn } from "@app/screens/parts/part_words";
import type { LabelDef } from "@app/app/types";

type Condition = { question: string; is?: string[]; from?: number; to?: number };
type Setting = {
  id: string;
  title: Record<string, string>;
  type: string;
  settings?: Record<string, unknown> & { labels?: LabelDef[]; language?: string };
  required?: boolean;
  each?: string[];
  show_if?: Condition;
};

/** A question of the form, as its own type knows it. */
export type Asked = {
  id: string;
  part: QuestionPart | null;
  place: string;
  title: Record<string, string>;
  required: boolean;
  showIf: Condition | undefined;
  type: TaskType<unknown, unknown>;
  question: Question;
};
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

/** About one part: its words or its picture are what is asked about, and it stands among what is read with it, in their order. */
function ofPart(question: Question, part: QuestionPart, each: string[]): Question {
  const { width_px: widthPx = 0, height_px: heightPx = 0 } = part as { width_px?: number; height_px?: number };
  const parts = readWith(question.parts ?? [], part, each);
  return { ...question, parts, about: part.id, text: saidIn(part), widthPx: widthPx ?? 0, heightPx: heightPx ?? 0 };
}

/** A turn is judged by what was said up to it; of several that stand side by side, each by itself. */
function readWith(parts: QuestionPart[], part: QuestionPart, each: string[]): QuestionPart[] {
  if (!isTurn(part)) return parts.filter((one) => one === part || !each.includes(one.role));
  const at = parts.indexOf(part);
  return parts.filter((one, k) => k <= at || !isTurn(one));
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
