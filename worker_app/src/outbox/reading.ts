import { db, getMeta } from "./db";

/** How long she read how the tasks of a batch are done: time of hers, which her wage counts. */
export type Reading = { id: string; owner: string; batch: number; active_ms: number };

const KEY = "reading";
const MOST = 50; // visits: who reads as often without a signal loses the oldest

/** Kept on this phone until the server has it. */
export const keepReading = (one: Reading): Promise<void> => change((kept) => [...kept, one].slice(-MOST));
export const dropReading = (id: string): Promise<void> => change((kept) => kept.filter((one) => one.id !== id));
export const readingOf = async (owner: string): Promise<Reading[]> => ((await getMeta<Reading[]>(KEY)) ?? []).filter((one) => one.owner === owner);

async function change(how: (kept: Reading[]) => Reading[]): Promise<void> {
  const writing = (await db()).transaction("meta", "readwrite");
  await writing.store.put(how(((await writing.store.get(KEY)) as Reading[] | undefined) ?? []), KEY);
  await writing.done;
}
