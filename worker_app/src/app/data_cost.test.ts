import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { db } from "@app/outbox/db";
import { sawServerClock } from "./clock";
import { costMicro, countFetched, dataPrice, setDataPrice, usedByDay, wageAfterMicro } from "./data_cost";

beforeEach(async () => {
  await (await db()).clear("meta");
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => vi.useRealTimers());

it("adds what is fetched at once by several, by day, and forgets what is older than the days that are shown", async () => {
  for (let day = 10; day < 20; day++) {
    vi.setSystemTime(new Date(`2026-11-${day}T12:00:00Z`));
    await Promise.all([countFetched(1000), countFetched(500)]);
  }
  const used = await usedByDay();
  expect(Object.keys(used)).toEqual([12, 13, 14, 15, 16, 17, 18, 19].map((day) => `2026-11-${day}`));
  expect(new Set(Object.values(used))).toEqual(new Set([1500]));
});

it("counts days as the server does, whatever this phone's clock says", async () => {
  vi.setSystemTime(new Date("2026-11-20T01:00:00Z"));
  sawServerClock("Thu, 19 Nov 2026 23:00:00 GMT");
  await countFetched(1);
  expect(Object.keys(await usedByDay())).toEqual(["2026-11-19"]);
});

it("takes what the data cost off the hour's pay", async () => {
  expect(await dataPrice()).toBeNull();
  await setDataPrice({ micro: 85_000_000, currency: "ZAR" });
  const price = (await dataPrice())!;
  expect(costMicro(20_000_000, price)).toBe(1_700_000);
  expect(costMicro(1, price)).toBe(1);
  expect(wageAfterMicro(10_000_000, 1_800_000, 1_700_000)).toBe(16_600_000);
  expect(wageAfterMicro(1_000_000, 3_600_000, 1_700_000)).toBe(-700_000);
  expect(wageAfterMicro(10, 0, 0)).toBeNull();
});
