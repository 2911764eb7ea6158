import type { ChangeKind } from "@app/app/widget";

/** Drafts of one task, oldest first; the last is what is shown. Pure. */
export type Drafts = { steps: unknown[]; typedAtMs: number };

const TYPING_PAUSE_MS = 1500;

export const begin = (draft: unknown): Drafts => ({ steps: [draft], typedAtMs: 0 });
export const latest = (drafts: Drafts): unknown => drafts.steps.at(-1);
export const canUndo = (drafts: Drafts): boolean => drafts.steps.length > 1;

export function change(drafts: Drafts, next: unknown, how: ChangeKind, nowMs: number): Drafts {
  const merges = how === "silent" || (how === "typing" && nowMs - drafts.typedAtMs < TYPING_PAUSE_MS && canUndo(drafts));
  const before = merges ? drafts.steps.slice(0, -1) : drafts.steps;
  return { steps: [...before, next], typedAtMs: how === "typing" ? nowMs : 0 };
}

export const undo = (drafts: Drafts): Drafts => (canUndo(drafts) ? { steps: drafts.steps.slice(0, -1), typedAtMs: 0 } : drafts);
