import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { deviceClass } from "@app/app/device";
import { owner } from "@app/app/session";
import type { Batch } from "@app/app/types";
import type { ChangeKind, TaskType } from "@app/app/widget";
import { deleteMeta, getMeta, remember, type Kept } from "@app/outbox/db";
import { HOLD_MS, type Done } from "@app/outbox/outbox";
import { keepAllAndSend, keepAndSend, onSettled, takeBack } from "@app/outbox/sync";
import { uuid7 } from "@app/outbox/uuid7";
import { release } from "@app/prefetch/media";
import { packOf } from "@app/prefetch/pack";
import * as drafting from "./history";
import { useActiveClock } from "./use_active_clock";
import { nextTask, refillLater, type NoTask, type Task } from "./next_task";

/** Where tasks come from and where answers go: the pack and the outbox, or a requester's trial of her own task. */
export type Source = {
  next(batch: Batch, passed: Set<string>): Promise<Task | NoTask>;
  keep(entries: Omit<Kept, "state">[]): Promise<Kept[]>;
  takeBack(done: Done[]): Promise<boolean>;
  /** There is room for more now; she goes on meanwhile. */
  refill?(batch: Batch, shown: Task): void;
};
export const WORK: Source = { next: nextTask, keep: keepAllAndSend, takeBack, refill: refillLater };

/** since: changes when her time begins anew. */
export type Now = { task: Task | null; none: NoTask | null; since: object };
const SAVE_DRAFT_MS = 400;

/** One task after the other: what is shown now, its draft with undo, and the ways out of it. */
export function useTask(batch: Batch, source: Source = WORK) {
  const [now, setNow] = useState<Now>({ task: null, none: null, since: {} });
  const [drafts, setDrafts] = useState<drafting.Drafts>(drafting.begin(null));
  const passed = useRef(new Set<string>());
  const clock = useActiveClock(now.since);
  const { last, setLast } = useLast();
  const busy = useRef(false);
  const [leaving, setLeaving] = useState(false); // the old task is still on the screen, but no longer hers to touch

  const offer = useRef(batch);
  offer.current = batch; // a fresh list of offers is no reason to begin the task anew
  const asked = useRef(0);

  /** going: a draft of several at once, of which one has left; her time on it goes on. */
  const next = useCallback(async (going?: unknown) => {
    const mine = ++asked.current;
    const found = await source.next(offer.current, passed.current);
    const saved = "none" in found ? undefined : await getMeta("draft:" + found.packed.lease);
    if (mine !== asked.current) return "none" in found ? undefined : releaseAll(found); // asked again meanwhile: that answer is shown
    if ("none" in found) return setNow({ task: null, none: found, since: {} });
    const draft = going ?? saved;
    const { empty } = rulesOf(found);
    setDrafts(drafting.begin(sameForm(draft, empty) ? draft : empty));
    setNow(({ since }) => ({ task: found, none: null, since: going === undefined ? {} : since }));
  }, []);

  useEffect(() => void next(), []);
  useEffect(() => () => void (now.task && releaseAll(now.task)), [now.task]);
  useEffect(() => onSettled(() => now.task?.cells && source.refill?.(offer.current, now.task)), [now.task]); // what was sent makes room in her hand
  useSavedDraft(now.task, drafts);

  const change = useCallback((draft: unknown, how: ChangeKind = "step") => {
    setDrafts((before) => drafting.change(before, draft, how, Date.now()));
  }, []);

  /** To the disk, then on to the next task. Only the first press counts. */
  const keep = async (left: Task[], kind: Kept["kind"], fill: (one: Task, k: number) => Partial<Kept["body"]>, holdMs = 0): Promise<boolean> => {
    if (!now.task || busy.current) return false;
    busy.current = true;
    setLeaving(true);
    try {
      const heldUntilMs = holdMs && Date.now() + holdMs;
      const entries = left.map((one, k) => ({ ...entryOf(batch, one, kind, { lease: one.packed.lease, ...fill(one, k) }), heldUntilMs }));
      const kept = await source.keep(entries);
      setLast(holdMs ? kept.map(({ id }, k) => ({ id, packed: left[k]!.packed })) : null);
      for (const { packed } of left) passed.current.add(packed.lease);
      await deleteMeta("draft:" + now.task.packed.lease);
      await next(left.length < tasksOf(now.task).length ? drafting.latest(drafts) : undefined);
      return true;
    } finally {
      busy.current = false;
      setLeaving(false);
    }
  };

  /** only: of several that are shown at once the lease that is left; the others stay, and her time on the screen is theirs. */
  const leave = (kind: Kept["kind"], fill: Partial<Kept["body"]>, only?: string): Promise<boolean> => {
    const left = tasksOf(now.task).filter(({ packed }) => only === undefined || packed.lease === only);
    const times = shares(only === undefined ? clock.readMs() : 0, left.length);
    return keep(left, kind, (_, k) => ({ ...fill, active_ms: times[k]! }));
  };

  /** values: one of each task that is shown. held: she may take it back for a moment. */
  const answer = (values: unknown[], held: boolean, suggestion_shown: boolean) => {
    const tasks = tasksOf(now.task);
    const times = shares(clock.readMs(), tasks.length);
    return keep(tasks, "answer", (_, k) => ({ value: values[k], active_ms: times[k]!, device_class: deviceClass(), suggestion_shown }), held ? HOLD_MS : 0);
  };

  /** What she answered last comes back as a task: how many answers; 0 when they were sent already. */
  const takeLastBack = async (): Promise<number> => {
    if (!last || busy.current) return 0;
    busy.current = true;
    try {
      setLast(null);
      if (!(await source.takeBack(last))) return 0;
      for (const { packed } of last) passed.current.delete(packed.lease);
      await next();
      return last.length;
    } finally {
      busy.current = false;
    }
  };

  return { ...now, leaving, drafts, change, undo: () => setDrafts(drafting.undo), answer, leave, next, last, takeLastBack };
}

/** Each task that is on the screen. */
export const tasksOf = (task: Task | null): Task[] => (task ? (task.cells ?? [task]) : []);

/** What begins, ends and names its draft: the type of the task, or that of several at once. */
export const rulesOf = ({ type, cells }: Task): Pick<TaskType<unknown, unknown>, "empty" | "finish" | "doneKey"> => (cells ? type.together! : type);

const releaseAll = (task: Task): void => tasksOf(task).forEach(({ media }) => release(media));

/** Her time on a screen, shared out over the tasks on it: whole milliseconds, whose sum is what she took. */
export const shares = (ms: number, n: number): number[] => Array.from({ length: n }, (_, k) => Math.floor((ms * (k + 1)) / n) - Math.floor((ms * k) / n));

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

/** What she answered last, for as long as it can be taken back. */
function useLast() {
  const [last, setLast] = useState<Done[] | null>(null);
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
