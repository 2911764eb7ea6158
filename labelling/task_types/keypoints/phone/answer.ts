import { labelShown } from "@app/app/looks";
import { Doubtful, Unfinished, type AnswerRules } from "@app/app/widget";
import { rectOfPoints } from "@app/geometry/box";
import { t } from "@app/i18n";
import { idsOf, linesOf, mirrorsOf, skeletonOf, type Skeleton } from "./skeleton";

export type At = { x: number; y: number; hidden: boolean };
/** null: she said that it is not there; left out: not asked yet. */
export type Figure = { label: string; points: Record<string, At | null> };
/** `looked`: she zoomed in at least once. */
export type Draft = { figures: Figure[]; looked: boolean };

type Value = { figures: { label: string; points: Record<string, [number, number, number]> }[] };
const CLEAR_SIDE = 0.1; // of the figure's width: sides nearer to each other than this say nothing

export const placed = ({ points }: Figure): At[] => Object.values(points).filter((at) => at !== null);

export const answer: AnswerRules<Draft, Value> = {
  empty: { figures: [], looked: false },
  guess: "before",
  start: ({ figures }) => ({
    figures: figures.map(({ label, points }) => ({ label, points: Object.fromEntries(Object.entries(points).map(([id, [x, y, v]]) => [id, { x, y, hidden: v === 1 }])) })),
    looked: false,
  }),
  finish({ figures, looked }, question, sure) {
    const skeleton = skeletonOf(question);
    if (figures.some(({ points }) => idsOf(skeleton).some((id) => !(id in points)))) throw new Unfinished("keypoints.points_left");
    const there = figures.filter((figure) => placed(figure).length);
    if (!there.length && !looked && !sure) throw new Doubtful("stage.sure_nothing");
    if (!sure && there.some((figure) => sidesDiffer(figure, skeleton))) throw new Doubtful("keypoints.sure_sides");
    return { figures: there.map(({ label, points }) => ({ label, points: given(points) })) };
  },
  doneKey: ({ figures }) => (figures.length ? "task.done" : "task.nothing"),
  show({ figures }, question) {
    const skeleton = skeletonOf(question);
    const ids = idsOf(skeleton);
    const shapes = figures.map(({ label, points }) => ({
      kind: "skeleton" as const,
      label: labelShown(question, label),
      points: ids.map((id) => (points[id] ? { x: points[id][0], y: points[id][1], hidden: points[id][2] === 1 } : null)),
      edges: linesOf(skeleton),
    }));
    const words = shapes.map(({ label, points }) => t("keypoints.shown", { label: label.name, n: points.filter(Boolean).length, of: ids.length }));
    return { words: words.join(", ") || t("task.nothing"), shapes };
  },
};

function given(points: Figure["points"]): Record<string, [number, number, number]> {
  return Object.fromEntries(Object.entries(points).flatMap(([id, at]) => (at ? [[id, [at.x, at.y, at.hidden ? 1 : 2]]] : [])));
}

/** Some pairs say that the figure looks at us and some that it looks away: perhaps a left and a right were taken for each other. */
export function sidesDiffer(figure: Figure, skeleton: Skeleton): boolean {
  const { width } = rectOfPoints(placed(figure));
  const turns = mirrorsOf(skeleton).flatMap(([one, other]) => {
    const [a, b] = [figure.points[one], figure.points[other]];
    return a && b && Math.abs(a.x - b.x) > CLEAR_SIDE * width ? [Math.sign(a.x - b.x) * (one.includes("left") ? 1 : -1)] : [];
  });
  return new Set(turns).size > 1;
}
