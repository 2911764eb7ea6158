import { looksOf } from "@app/app/looks";
import { Doubtful, Unfinished, type AnswerRules } from "@app/app/widget";
import { t } from "@app/i18n";
import { clock, inOrder, NOTHING, type Draft, type Segment } from "./tool";

type Value = { segments: Segment[] };
const MOST = 500;

export const answer: AnswerRules<Draft, Value> = {
  empty: NOTHING,
  guess: "before",
  start: ({ segments }) => ({ ...NOTHING, segments: [...segments].sort(inOrder) }),
  finish(draft, _question, sure) {
    if (draft.begun !== null) throw new Unfinished("segments.begun_left");
    if (draft.segments.length > MOST) throw new Unfinished("segments.too_many");
    // What she has not heard to its end is not empty yet: ask once.
    if (!draft.segments.length && !draft.heard && !sure) throw new Doubtful("segments.sure_nothing");
    return { segments: draft.segments.map(({ label, start_ms, end_ms }) => ({ label, start_ms, end_ms })) };
  },
  doneKey: ({ segments, begun }) => (segments.length || begun !== null ? "task.done" : "task.nothing"),
  show({ segments }, question) {
    const looks = looksOf(question.labels);
    const shapes = segments.map(({ label, start_ms, end_ms }) => ({ kind: "range" as const, label: looks.get(label) ?? { name: label, colour: "#888888" }, startMs: start_ms, endMs: end_ms }));
    const words = shapes.map(({ label, startMs, endMs }) => t("segments.told", { label: label.name, start: clock(startMs), end: clock(endMs) }));
    return { words: words.join(", ") || t("task.nothing"), shapes };
  },
};
