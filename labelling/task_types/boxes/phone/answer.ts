import { labelShown } from "@app/app/looks";
import { Doubtful, Unfinished, type AnswerRules } from "@app/app/widget";
import { nothingDrawn, type Drawn } from "@app/canvas/shapes_tool";
import { t } from "@app/i18n";
import type { Box } from "./tool";

type Value = { boxes: Box[] };
const plain = ({ label, x, y, width, height }: Box): Box => ({ label, x, y, width, height });

export const answer: AnswerRules<Drawn<Box>, Value> = {
  empty: nothingDrawn<Box>(),
  guess: "before",
  start: (value) => ({ ...nothingDrawn<Box>(), shapes: value.boxes.map(plain) }),
  finish(draft, _question, sure) {
    if (draft.points.length) throw new Unfinished("boxes.points_left");
    // Small screens say "nothing" too often (Ahuja 2019): ask once, unless she has looked closely.
    if (!draft.shapes.length && !draft.looked && !sure) throw new Doubtful("stage.sure_nothing");
    return { boxes: draft.shapes.map(plain) };
  },
  doneKey: (draft) => (draft.shapes.length || draft.points.length ? "task.done" : "task.nothing"),
  show(value, question) {
    const shapes = value.boxes.map((box) => ({ ...plain(box), kind: "rectangle" as const, label: labelShown(question, box.label) }));
    return { words: shapes.length ? shapes.map(({ label }) => label.name).join(", ") : t("task.nothing"), shapes };
  },
};
