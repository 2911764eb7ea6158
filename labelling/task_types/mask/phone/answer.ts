import { labelShown } from "@app/app/looks";
import { Doubtful, Unfinished, type AnswerRules } from "@app/app/widget";
import { t } from "@app/i18n";
import { gridOf, ringsOf } from "./grid";
import { fill } from "./runs";

/** `counts`: run lengths of the cells of a grid of `size` [height, width] over the picture. */
export type Mask = { label: string; size: [number, number]; counts: string };
export type Value = { masks: Mask[] };
/** `looked`: she came close at least once. */
export type Draft = Value & { looked: boolean };
const MOST = 256 * 1024;

export const answer: AnswerRules<Draft, Value> = {
  empty: { masks: [], looked: false },
  guess: "before",
  start: ({ masks }) => ({ masks, looked: false }),
  finish({ masks, looked }, _question, sure) {
    if (masks.reduce((sum, { counts }) => sum + counts.length, 0) > MOST) throw new Unfinished("mask.too_fine");
    // Small screens say "nothing" too often (Ahuja 2019): ask once, unless she has looked closely.
    if (!masks.length && !looked && !sure) throw new Doubtful("stage.sure_nothing");
    return { masks };
  },
  doneKey: ({ masks }) => (masks.length ? "task.done" : "task.nothing"),
  show({ masks }, question) {
    const image = { width: question.widthPx, height: question.heightPx };
    const grid = gridOf(image);
    const scale = { x: image.width / grid.width, y: image.height / grid.height };
    const shapes = masks.map(({ label, counts }) => {
      const cells = new Uint8Array(grid.width * grid.height);
      fill(cells, counts, 1);
      const rings = ringsOf(cells, grid, 1).map((ring) => ring.map(({ x, y }) => ({ x: x * scale.x, y: y * scale.y })));
      return { kind: "area" as const, label: labelShown(question, label), rings };
    });
    return { words: shapes.map(({ label }) => label.name).join(", ") || t("task.nothing"), shapes };
  },
};
