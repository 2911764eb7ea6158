import { labelShown } from "@app/app/looks";
import { Doubtful, Further, Unfinished, type AnswerRules } from "@app/app/widget";
import { nothingDrawn, type Drawn } from "@app/canvas/shapes_tool";
import { t } from "@app/i18n";
import { byPlace } from "./quad";
import type { Region } from "./tool";

/** writing: the line whose words she is writing; null while she looks for lines. */
export type Draft = Drawn<Region> & { writing: number | null };
type Value = { regions: { label: string; points: [number, number][]; text: string }[] };
const MOST = 200;

const isWritten = ({ text }: Region): boolean => text !== null;

/** On to the next line, or to one that was left out before; null: all are written. */
function onward(draft: Draft, at: number): number | null {
  if (at + 1 < draft.shapes.length) return at + 1;
  const left = draft.shapes.findIndex((region) => !isWritten(region));
  return left < 0 ? null : left;
}

/** The draft with what this line says; empty: it cannot be read. */
export const withText = (draft: Draft, at: number, text: string | null): Draft => ({ ...draft, shapes: draft.shapes.map((region, k) => (k === at ? { ...region, text } : region)) });

export const answer: AnswerRules<Draft, Value> = {
  empty: { ...nothingDrawn<Region>(), writing: null },
  guess: "before",
  start: ({ regions }) => ({ ...answer.empty, shapes: regions.map(({ label, points, text }) => ({ label, text, points: points.map(([x, y]) => ({ x, y })) })) }),
  finish(draft, _question, sure) {
    const { shapes, points, writing } = draft;
    if (points.length) throw new Unfinished("regions.points_left");
    if (shapes.length > MOST) throw new Unfinished("regions.too_many");
    if (!shapes.length && !draft.looked && !sure) throw new Doubtful("stage.sure_nothing");
    if (shapes.length && writing === null) throw new Further({ ...draft, shapes: [...shapes].sort((a, b) => byPlace(a.points, b.points)), writing: 0 });
    if (writing !== null && shapes[writing]) {
      if (!isWritten(shapes[writing])) throw new Unfinished("regions.missing_text");
      const next = onward(draft, writing);
      if (next !== null) throw new Further({ ...draft, writing: next });
    }
    return { regions: shapes.map(({ label, points: ring, text }) => ({ label, points: ring.map(({ x, y }): [number, number] => [x, y]), text: (text ?? "").trim() })) };
  },
  doneKey(draft) {
    if (!draft.shapes.length && !draft.points.length) return "task.nothing";
    if (draft.writing === null) return "regions.write";
    return onward(draft, draft.writing) === null ? "task.done" : "regions.next";
  },
  show({ regions }, question) {
    const shapes = regions.map(({ label, points }) => ({ kind: "polygon" as const, label: labelShown(question, label), points: points.map(([x, y]) => ({ x, y })) }));
    const lines = regions.map(({ text }, k) => `${shapes[k]!.label.name}: ${text || t("regions.unreadable")}`);
    return { words: lines.join(" · ") || t("task.nothing"), shapes };
  },
};
