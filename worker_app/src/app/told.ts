import type { News } from "./contract";

/** What was settled since she last looked, and the level that it brought, if any. */
export type Told = { news: News; level: number | null };

/** Null where nothing happened. */
export function worthTelling(news: News, levelThen: number, levelNow: number): Told | null {
  const level = levelNow > levelThen ? levelNow : null;
  return news.settled > 0 || level !== null ? { news, level } : null;
}

/** How much of the day's goal is done, 0 to 1; null where she set none. */
export function doneShare(goal: number | undefined, done: number): number | null {
  return goal ? Math.min(1, done / goal) : null;
}
