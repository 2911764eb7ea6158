import { pick } from "@app/i18n";
import type { Question } from "@app/app/widget";

export type NamedPoint = { id: string; name: Record<string, string>; mirror?: string; at?: [number, number] };
export type Skeleton = { points: NamedPoint[]; edges?: [string, string][] };

/** What the project asks for (labelling/task_types/keypoints/skeleton.py). */
export const skeletonOf = ({ config }: Pick<Question, "config">): Skeleton => (config.skeleton as Skeleton | undefined) ?? { points: [] };
export const asksSeveral = ({ config }: Pick<Question, "config">): boolean => config.figures === "several";
export const idsOf = (skeleton: Skeleton): string[] => skeleton.points.map(({ id }) => id);
export const nameOf = (skeleton: Skeleton, id: string): string => {
  const point = skeleton.points.find((one) => one.id === id);
  return point ? pick(point.name) : id;
};

/** The lines, as places in the list of points. */
export function linesOf(skeleton: Skeleton): [number, number][] {
  const ids = idsOf(skeleton);
  return (skeleton.edges ?? []).map(([a, b]) => [ids.indexOf(a), ids.indexOf(b)]);
}

/** Each pair of sides once. */
export const mirrorsOf = ({ points }: Skeleton): [string, string][] => points.flatMap(({ id, mirror }): [string, string][] => (mirror && id < mirror ? [[id, mirror]] : []));
