import { looksOf } from "@app/app/looks";
import { Doubtful, Unfinished, type AnswerRules } from "@app/app/widget";
import { t } from "@app/i18n";
import { inOrder, isSame, NOTHING, type Draft, type Span } from "./tool";
import { cut, trimmed } from "./words";

type Value = { spans: Span[] };
const MOST = 500;

export const answer: AnswerRules<Draft, Value> = {
  empty: NOTHING,
  guess: "before",
  start: ({ spans }) => ({ ...NOTHING, spans: [...spans].sort(inOrder) }),
  finish(draft, question, sure) {
    if (draft.begun) throw new Unfinished("spans.begun_left");
    const spans = tidied(question.text, draft.spans);
    if (spans.length > MOST) throw new Unfinished("spans.too_many");
    // A long text whose end she has not seen is not empty yet: ask once.
    if (!spans.length && !draft.looked && !sure) throw new Doubtful("spans.sure_nothing");
    return { spans };
  },
  doneKey: ({ spans, begun }) => (spans.length || begun ? "task.done" : "task.nothing"),
  show({ spans }, question) {
    const looks = looksOf(question.labels);
    const shapes = spans.map(({ label, start, end }) => ({ kind: "span" as const, label: looks.get(label) ?? { name: label, colour: "#888888" }, start, end }));
    const words = shapes.map(({ label, start, end }) => t("spans.told", { label: label.name, words: cut(question.text, start, end) }));
    return { words: words.join(", ") || t("task.nothing"), shapes };
  },
};

/** As the server takes them: no white space at their ends, none twice. */
function tidied(text: string, spans: Span[]): Span[] {
  const solid = spans.flatMap((span) => trimmed(text, span) ?? []);
  return solid
    .filter((span, k) => solid.findIndex((other) => isSame(other, span)) === k)
    .map(({ label, start, end }) => ({ label, start, end }))
    .sort(inOrder);
}
