import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { db } from "@app/outbox/db";
import type { Batch } from "./types";

/** A server with three offers, two on the first page; what is asked again with its tag is 304. */
let asked: [string, string | null, number][];
let offers: typeof import("./offers");
let title: string;
let away: boolean;

const row = (batch: number) => ({ batch, title: `${title} ${batch}`, open_items: 1 });
const bodies = (): Record<string, unknown> => ({
  "/api/v1/work/batches": { results: [row(1), row(2)], next: "http://inside:8000/api/v1/work/batches?page=2", previous: null },
  "/api/v1/work/batches?page=2": { results: [row(2), row(3)], next: null, previous: null },
  "/api/v1/work/batches/3": { ...row(3), instructions: { en: "Look." }, config: { labels: [] } },
  "/api/v1/work/batches/1": { ...row(1), instructions: { en: "Look." }, config: { labels: [] } },
});

beforeEach(async () => {
  const database = await db();
  for (const store of ["outbox", "pack", "meta"] as const) await database.clear(store);
  [asked, title, away] = [[], "Offer", false];
  vi.resetModules();
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("location", { hash: "", href: "http://here/app/" });
  vi.stubGlobal("fetch", (path: string, options: RequestInit) => {
    if (away) return Promise.reject(new TypeError("a tunnel"));
    const text = JSON.stringify(bodies()[path]);
    const tag = `"${path}${title}"`;
    const known = (options.headers as Record<string, string>)["If-None-Match"] ?? null;
    const status = known === tag ? 304 : 200;
    asked.push([path, known, status]);
    return Promise.resolve(new Response(status === 304 ? null : text, { status, headers: { ETag: tag } }));
  });
  offers = await import("./offers");
});
afterEach(() => vi.unstubAllGlobals());

const list = () => offers.batches.get()!.map((one) => one.title);
const first = () => offers.batches.get()!.find((one) => one.batch === 1) as Batch;

it("asks for the list with the tag of what it has, and takes 304 for the same", async () => {
  await offers.refreshBatches("w1");
  await offers.refreshBatches("w1");
  expect(asked.map(([, , status]) => status)).toEqual([200, 304]);
  expect(list()).toEqual(["Offer 1", "Offer 2"]);
  title = "New";
  await offers.refreshBatches("w1");
  expect(list()).toEqual(["New 1", "New 2"]);
});

it("shows more pages as she asks for them, each offer once", async () => {
  await offers.refreshBatches("w1");
  expect(offers.moreOffers.get()).toBe("/work/batches?page=2");
  await offers.loadMoreOffers();
  expect(list()).toEqual(["Offer 1", "Offer 2", "Offer 3"]);
  expect(offers.moreOffers.get()).toBe(null);
  await offers.loadMoreOffers();
  expect(asked.length).toBe(2);
});

it("keeps an offer in full on the phone, also when a newer list says nothing of it", async () => {
  await offers.refreshBatches("w1");
  expect(first().config).toBe(undefined);
  const whole = await offers.loadOffer(first());
  expect(whole.instructions).toEqual({ en: "Look." });
  await offers.refreshBatches("w1");
  expect(first().config).toEqual({ labels: [] });
  await offers.loadOffer(first());
  expect(asked.at(-1)).toEqual(["/api/v1/work/batches/1", '"/api/v1/work/batches/1Offer"', 304]);
  expect(first().instructions).toEqual({ en: "Look." });
});

it("says so without a network, and leaves what it has", async () => {
  await offers.refreshBatches("w1");
  await offers.loadOffer(first());
  away = true;
  await expect(offers.loadOffer(first())).rejects.toMatchObject({ status: 0 });
  await expect(offers.refreshBatches("w1")).rejects.toMatchObject({ status: 0 });
  expect(first().config).toEqual({ labels: [] });
});

it("finds an offer that a link names, whichever page of the list it is on", async () => {
  await offers.findOffer("me", 2);
  expect(asked.map(([path]) => path)).toEqual(["/api/v1/work/batches"]);
  await offers.findOffer("me", 3);
  expect(asked.map(([path]) => path)).toEqual(["/api/v1/work/batches", "/api/v1/work/batches/3"]);
  expect(offers.batches.get()!.map((one) => one.batch)).toEqual([1, 2, 3]);
});
