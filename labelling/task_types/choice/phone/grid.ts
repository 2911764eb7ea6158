import { type Sentence } from "@app/i18n";
import type { Config, LabelDef } from "@app/app/types";
import { Further, type Question, type Together } from "@app/app/widget";

/** A grid of pictures, of which she taps all that are one thing. seen: the leases of those that were on the screen down to the last. */
export type GridDraft = { chosen: string[]; seen: string; page: number };
type Value = { label: string };

/** The label that a tap gives, and that of whatever she leaves. */
export function sidesOf({ labels, config }: Question): { tapped: LabelDef; left: LabelDef } {
  const [first, second] = labels as [LabelDef, LabelDef];
  return (config as { tapped?: string }).tapped === "second" ? { tapped: second, left: first } : { tapped: first, left: second };
}

export const allOf = ({ together = [] }: Question): string => together.join();

export const chosenOf = (draft: GridDraft, { together = [] }: Question): string[] => together.filter((lease) => draft.chosen.includes(lease));

export function toggled(draft: GridDraft, lease: string): GridDraft {
  const isChosen = draft.chosen.includes(lease);
  return { ...draft, chosen: isChosen ? draft.chosen.filter((one) => one !== lease) : [...draft.chosen, lease] };
}

/** Where an arrow key leads from a picture, in rows of so many. */
export function stepFrom(k: number, key: string, n: number, columns: number, rightToLeft: boolean): number | null {
  const ahead = rightToLeft ? -1 : 1;
  const step = { ArrowRight: ahead, ArrowLeft: -ahead, ArrowDown: columns, ArrowUp: -columns, Home: -k, End: n - 1 - k }[key];
  if (step === undefined) return null;
  return k + step >= 0 && k + step < n ? k + step : k;
}

export const MOST = 9;

export const gridRules: Omit<Together<GridDraft, Value>, "Widget"> = {
  most: (config: Config | undefined) => ((config as { look?: string } | undefined)?.look === "grid" ? MOST : 1),
  pictureWidth: 240,
  empty: { chosen: [], seen: "", page: 0 },
  /** What she has not seen she has not answered. */
  finish(draft, question) {
    if (draft.seen !== allOf(question)) throw new Further({ ...draft, page: draft.page + 1 });
    const { tapped, left } = sidesOf(question);
    const chosen = chosenOf(draft, question);
    return Object.fromEntries((question.together ?? []).map((lease) => [lease, { label: chosen.includes(lease) ? tapped.id : left.id }]));
  },
  doneKey(draft, question): Sentence {
    if (draft.seen !== allOf(question)) return "choice.grid_rest";
    const n = chosenOf(draft, question).length;
    return n ? ["choice.grid_done", { n }] : "choice.grid_none";
  },
};
