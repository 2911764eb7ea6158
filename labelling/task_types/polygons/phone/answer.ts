import { labelShown } from "@app/app/looks";
import { Doubtful, Unfinished, type AnswerRules } from "@app/app/widget";
import { nothingDrawn, type Drawn } from "@app/canvas/shapes_tool";
import { t } from "@app/i18n";
import { faultOf, type Ring } from "./ring";
import type { Polygon } from "./tool";

type Value = { polygons: { label: string; points: [number, number][] }[] };
const MOST = 200;
const MAX_POINTS = 4000; // in all

const ringOf = (points: [number, number][]): Ring => points.map(([x, y]) => ({ x, y }));

export const answer: AnswerRules<Drawn<Polygon>, Value> = {
  empty: nothingDrawn<Polygon>(),
  guess: "before",
  start: ({ polygons }) => ({ ...nothingDrawn<Polygon>(), shapes: polygons.map(({ label, points }) => ({ label, points: ringOf(points) })) }),
  finish(draft, _question, sure) {
    if (draft.points.length) throw new Unfinished("polygons.points_left");
    if (draft.shapes.length > MOST) throw new Unfinished("polygons.too_many");
    if (draft.shapes.reduce((sum, { points }) => sum + points.length, 0) > MAX_POINTS) throw new Unfinished("polygons.too_many_corners");
    if (draft.shapes.some(({ points }) => faultOf(points))) throw new Unfinished("polygons.crosses"); // of a guess: what she draws never does
    // Small screens say "nothing" too often (Ahuja 2019): ask once, unless she has looked closely.
    if (!draft.shapes.length && !draft.looked && !sure) throw new Doubtful("stage.sure_nothing");
    return { polygons: draft.shapes.map(({ label, points }) => ({ label, points: points.map(({ x, y }): [number, number] => [x, y]) })) };
  },
  doneKey: (draft) => (draft.shapes.length || draft.points.length ? "task.done" : "task.nothing"),
  show({ polygons }, question) {
    const shapes = polygons.map(({ label, points }) => ({ kind: "polygon" as const, label: labelShown(question, label), points: ringOf(points) }));
    return { words: shapes.map(({ label }) => label.name).join(", ") || t("task.nothing"), shapes };
  },
};
