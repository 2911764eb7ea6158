import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ActiveClock } from "@app/app/clock";
import { deviceClass } from "@app/app/device";
import { owner } from "@app/app/session";
import type { Batch } from "@app/app/types";
import type { ChangeKind } from "@app/app/widget";
import { deleteMeta, getMeta, remember, type Kept, type Packed } from "@app/outbox/db";
import { HOLD_MS } from "@app/outbox/outbox";
import { keepAndSend, takeBack } from "@app/outbox/sync";
import { uuid7 } from "@app/outbox/uuid7";
import { release } from "@app/prefetch/media";
import { packOf } from "@app/prefetch/pack";
import * as drafting from "./history";
import { nextTask, type NoTask, type Task } from "./next_task";

/** Where tasks come from and where answers go: the pack and the outbox, or a requester's trial of her own task. */
export type Source = {
  next(batch: Batch, passed: Set<string>): Promise<Task | NoTask>;
  keep(entry: Omit<Kept, "state">): Promise<Kept>;
  takeBack(id: string, packed: Packed): Promise<boolean>;
};
export const WORK: Source = { next: nextTask, keep: keepAndSend, takeBack };

export type Now = { task: Task | null; none: NoTask | null };
const SAVE_DRAFT_MS = 400;

/** One task after the other: what is shown now, its draft with undo, and the ways out of it. */
export function useTask(batch: Batch, source: Source = WORK) {
  const [now, setNow] = useState<Now>({ task: null, none: null });
  const [drafts, setDrafts] = useState<drafting.Drafts>(drafting.begin(null));
  const passed = useRef(new Set<string>());
  const clock = useActiveClock(now.task);
  const { last, setLast } = useLast();
  const busy = useRef(false);
  const [leaving, setLeaving] = useState(false); // the old task is still on the screen, but no longer hers to touch

  const offer = useRef(batch);
  offer.current = batch; // a fresh list of offers is no reason to begin the task anew
  const asked = useRef(0);

  const next = useCallback(async () => {
    const mine = ++asked.current;
    const found = await source.next(offer.current, passed.current);
    const saved = "none" in found ? undefined : await getMeta("draft:" + found.packed.lease);
    if (mine !== asked.current) return "none" in found ? undefined : release(found.media); // asked again meanwhile: that answer is shown
    if ("none" in found) return setNow({ task: null, none: found });
    setDrafts(drafting.begin(sameForm(saved, found.type.empty) ? saved : found.type.empty));
    setNow({ task: found, none: null });
  }, []);

  useEffect(() => void next(), []);
  useEffect(() => () => release(now.task?.media ?? null), [now.task]);
  useSavedDraft(now.task, drafts);

  const change = useCallback((draft: unknown, how: ChangeKind = "step") => {
    setDrafts((before) => drafting.change(before, draft, how, Date.now()));
  }, []);

  /** To the disk, then on to the next task. Only the first press counts. */
  const leave = async (kind: Kept["kind"], fill: Partial<Kept["body"]>, holdMs = 0): Promise<Kept | null> => {
    if (!now.task || busy.current) return null;
    busy.current = true;
    setLeaving(true);
    try {
      const { lease } = now.task.packed;
      const kept = await source.keep({ ...entryOf(batch, now.task, kind, { lease, ...fill }), heldUntilMs: holdMs && Date.now() + holdMs });
      setLast(holdMs ? { id: kept.id, packed: now.task.packed } : null);
      passed.current.add(lease);
      await deleteMeta("draft:" + lease);
      await next();
      return kept;
    } finally {
      busy.current = false;
      setLeaving(false);
    }
  };

  /** held: she may take it back for a moment. */
  const answer = (value: unknown, held: boolean, suggestion_shown: boolean) => {
    return leave("answer", { value, active_ms: clock.readMs(), device_class: deviceClass(), suggestion_shown }, held ? HOLD_MS : 0);
  };

  /** The last answer comes back as a task; false when it was sent already. */
  const takeLastBack = async (): Promise<boolean> => {
    if (!last || busy.current) return false;
    busy.current = true;
    try {
      setLast(null);
      if (!(await source.takeBack(last.id, last.packed))) return false;
      passed.current.delete(last.packed.lease);
      await next();
      return true;
    } finally {
      busy.current = false;
    }
  };

  return { ...now, leaving, drafts, change, undo: () => setDrafts(drafting.undo), answer, leave, next, last, takeLastBack };
}

/** Whether a half-done draft is of a form that the type still draws with: an older version of the app may have left it. */
export function sameForm(saved: unknown, empty: unknown): boolean {
  const formOf = (draft: unknown) => (draft && typeof draft === "object" ? Object.keys(draft).sort().join() : typeof draft);
  return formOf(saved) === formOf(empty);
}

/** All that is left of a pack goes back, free as any skip: it is of no use to who cannot read it. */
export async function giveBackPack(batch: Batch): Promise<void> {
  for (const packed of await packOf(owner(), batch.batch)) {
    const entry = { id: uuid7(), owner: owner(), kind: "skip", batch: batch.batch, lease: packed.lease, body: { lease: packed.lease } } as const;
    await keepAndSend({ ...entry, keptAtMs: Date.now(), baseMicro: 0, currency: batch.currency, item: packed.item });
  }
}

/** The last answer, for as long as it can be taken back. */
function useLast() {
  const [last, setLast] = useState<{ id: string; packed: Packed } | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setLast(null), HOLD_MS);
    return () => clearTimeout(timer);
  }, [last]);
  return { last, setLast };
}

function entryOf(batch: Batch, task: Task, kind: Kept["kind"], body: Partial<Kept["body"]>): Omit<Kept, "state"> {
  const id = uuid7();
  return {
    id,
    owner: owner(),
    kind,
    batch: batch.batch,
    lease: task.packed.lease,
    body: (kind === "answer" ? { id, ...body } : body) as Kept["body"],
    keptAtMs: Date.now(),
    baseMicro: kind === "answer" ? batch.base_micro : 0,
    currency: batch.currency,
    item: task.packed.item,
    config: task.packed.config,
    mediaUrl: task.packed.mediaUrl,
    parts: task.packed.parts,
  };
}

/** A half-done task outlives a killed tab. */
function useSavedDraft(task: Task | null, drafts: drafting.Drafts): void {
  useEffect(() => {
    if (!task || !drafting.canUndo(drafts)) return;
    const timer = setTimeout(() => remember("draft:" + task.packed.lease, drafting.latest(drafts)), SAVE_DRAFT_MS);
    return () => clearTimeout(timer);
  }, [task, drafts]);
}

function useActiveClock(task: Task | null): ActiveClock {
  const clock = useRef(new ActiveClock());
  useEffect(() => {
    clock.current = new ActiveClock();
    const beat = () => clock.current.beat();
    const seen = () => (document.visibilityState === "visible" ? clock.current.resume() : clock.current.beat());
    for (const sign of ["pointerdown", "pointermove", "keydown"]) addEventListener(sign, beat, { passive: true });
    document.addEventListener("visibilitychange", seen);
    return () => {
      for (const sign of ["pointerdown", "pointermove", "keydown"]) removeEventListener(sign, beat);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [task]);
  return clock.current;
}
