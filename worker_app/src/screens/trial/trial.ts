import { api } from "@app/app/api";
import { createStore } from "@app/app/store";
import type { Batch, Feedback, Item } from "@app/app/types";
import { loadTaskType } from "@app/app/widget";
import type { Kept, Packed } from "@app/outbox/db";
import { shownNow } from "../task/asked";
import { together, type Task } from "../task/next_task";
import type { Source } from "../task/use_task";

/** A requester looks at her own task: items of hers, nothing lent, nothing kept, nothing paid (labelling/projects/trying.py). */
export type Tried = Pick<Batch, "project" | "title" | "task_type" | "medium" | "language" | "instructions" | "config" | "base_micro" | "currency"> & { items: Item[] };
export type Told = { task: Task; value: unknown; feedback?: Feedback; refused?: string };
/** What a worker would be told of her last answers. */
export const told = createStore<Told[]>([]);

export const loadTrial = (project: string): Promise<Tried> => api<Tried>(`/projects/${project}/try`);

export function batchOf(tried: Tried): Batch {
  const unknown = { bonus_micro: 0, task_s: 0, wage_micro_per_hour: 0, open_items: tried.items.length, bytes_per_task: 0, offer_hash: "" };
  return { ...tried, ...unknown, batch: 0 };
}

/** Tasks in the order of her items; an answer is judged as a worker's would be, and forgotten. */
export function trialSource(tried: Tried): Source {
  const shown = new Map<string, Task>();
  const tryOut = async (item: Item, batch: Batch, type: Task["type"]): Promise<Task> => {
    const { media, question, chosen } = await shownNow(batch, item, type, true);
    const packed: Packed = { lease: `try-${item.id}`, batch: 0, project: tried.project, item, expires_at: "", owner: "", ...chosen };
    const task = { packed, media, question, type };
    shown.set(packed.lease, task);
    return task;
  };
  return {
    next: async (batch, passed) => {
      const items = tried.items.filter(({ id }) => !passed.has(`try-${id}`));
      const type = await loadTaskType(batch.task_type, batch.config);
      if (!items.length || !type) return { none: items.length ? "refused" : "empty", message: items.length ? batch.task_type : "" };
      const now = items.slice(0, type.together?.most(batch.config) ?? 1);
      return together(await Promise.all(now.map((item) => tryOut(item, batch, type))));
    },
    keep: async (entries) => {
      const answers = entries.filter(({ kind }) => kind === "answer");
      const said = await Promise.all(answers.map(({ lease, body }) => judged(tried.project, shown.get(lease)!, (body as { value: unknown }).value)));
      told.set(said.filter((one) => one !== null));
      return entries.map((entry) => ({ ...entry, state: "accepted" }) as Kept);
    },
    takeBack: () => Promise.resolve(false),
  };
}

async function judged(project: number, task: Task, value: unknown): Promise<Told | null> {
  try {
    const { feedback } = await api<{ feedback: Feedback | null }>(`/projects/${project}/try`, { body: { item: task.packed.item.id, value } });
    return feedback && !feedback.right ? { task, value, feedback } : null;
  } catch (error) {
    return { task, value, refused: (error as Error).message };
  }
}
