import { getMeta, remember, setMeta } from "@app/outbox/db";
import { api, failureOf } from "./api";
import { owner, session } from "./session";
import { createStore } from "./store";
import type { News } from "./contract";
import { worthTelling, type Told } from "./told";

export const told = createStore<Told | null>(null);

type Looked = { until: string; level: number };
const key = (): string => `looked:${owner()}`;

/**
 * Asks once a visit. The first time on a phone there is nothing to tell; what is not read yet is told again, and goes on growing,
 * until she has read it.
 */
export async function askNews(): Promise<void> {
  const level = session.get().me?.worker?.level;
  if (level === undefined) return;
  const looked = await getMeta<Looked>(key());
  try {
    const news = await api<News>(`/work/news${looked ? `?since=${encodeURIComponent(looked.until)}` : ""}`);
    if (!looked) return remember(key(), { until: news.until, level });
    told.set(worthTelling(news, looked.level, level));
  } catch (error) {
    if (!failureOf(error).mayPass) throw error; // without network the news waits
  }
}

export async function readNews(): Promise<void> {
  const now = told.get();
  if (!now) return;
  told.set(null);
  await setMeta(key(), { until: now.news.until, level: session.get().me?.worker?.level ?? 1 });
}
