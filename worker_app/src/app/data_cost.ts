/** What of her data this app has used, day by day, and what it cost her by the price that she said. Both stay on this phone. */
import { db, getMeta, setMeta } from "@app/outbox/db";
import { serverNowMs } from "./clock";

/** What a gigabyte costs her, in millionths of a currency. */
export type DataPrice = { micro: number; currency: string };
/** Bytes by day (2026-11-22), as the server counts days: a phone's clock may be wrong. */
export type Used = Record<string, number>;

const USED = "data_used";
const DAYS = 8;
const GB = 1e9;
const HOUR_MS = 3_600_000;

const today = (): string => new Date(serverNowMs()).toISOString().slice(0, 10);

/** Pictures, films and sounds as they were fetched; what comes with them in words is a few kB and is not counted. */
export async function countFetched(bytes: number): Promise<void> {
  const writing = (await db()).transaction("meta", "readwrite");
  const used = ((await writing.store.get(USED)) as Used | undefined) ?? {};
  used[today()] = (used[today()] ?? 0) + bytes;
  const newest = Object.keys(used).sort().slice(-DAYS);
  await writing.store.put(Object.fromEntries(newest.map((day) => [day, used[day]])), USED);
  await writing.done;
}

export const usedByDay = async (): Promise<Used> => (await getMeta<Used>(USED)) ?? {};
export const dataPrice = async (): Promise<DataPrice | null> => (await getMeta<DataPrice>("data_price")) ?? null;
export const setDataPrice = (price: DataPrice | null): Promise<void> => setMeta("data_price", price);

export const costMicro = (bytes: number, price: DataPrice): number => Math.ceil((bytes * price.micro) / GB);

/** An hour's pay when what its data cost is taken off. */
export const wageAfterMicro = (earnedMicro: number, activeMs: number, cost: number): number | null => (activeMs > 0 ? Math.trunc(((earnedMicro - cost) * HOUR_MS) / activeMs) : null);
