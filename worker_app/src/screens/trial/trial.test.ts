import { beforeEach, expect, it, vi } from "vitest";
import type { Kept } from "@app/outbox/db";
import { triedProject } from "./address";
import type { Tried } from "./trial";

let trial: typeof import("./trial");
let asked: { url: string; body: unknown }[];
let reply: () => Response;

const TRIED = {
  project: 7, title: "Good?", task_type: "choice", medium: "text", language: "en", base_micro: 1, currency: "USD",
  config: { labels: [{ id: "good", name: { en: "Good" } }] }, items: [{ id: 1, text: "one" }, { id: 2, text: "two" }],
} as unknown as Tried; // prettier-ignore

beforeEach(async () => {
  asked = [];
  vi.resetModules();
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("history", { state: null, pushState: () => undefined, replaceState: () => undefined });
  vi.stubGlobal("location", { hash: "", href: "http://here/", pathname: "/" });
  vi.stubGlobal("document", { cookie: "" });
  vi.stubGlobal("screen", { width: 360, height: 640 });
  vi.stubGlobal("fetch", async (url: string, { body }: { body?: string }) => {
    asked.push({ url, body: body && JSON.parse(body) });
    return reply();
  });
  reply = () => new Response(JSON.stringify({ feedback: null }));
  trial = await import("./trial");
});

type Entry = Omit<Kept, "state">;
const given = (lease: string, value: unknown, kind = "answer"): Entry[] => [{ lease, kind, body: { value } } as unknown as Entry];
const nextOf = async (source: ReturnType<typeof trial.trialSource>, passed: string[] = []) => {
  const found = await source.next(trial.batchOf(TRIED), new Set(passed));
  return "none" in found ? found.none : [found.packed.lease, found.question.text];
};

it("is known by its address, and no other", () => {
  expect([triedProject("/console/projects/41/try/app/"), triedProject("/app/"), triedProject("/console/projects/x/try/app/")]).toEqual(["41", undefined, undefined]);
});

it("shows her items in their order, each until it was answered or left, and then none", async () => {
  const source = trial.trialSource(TRIED);
  expect(await nextOf(source)).toEqual(["try-1", "one"]);
  expect(await nextOf(source, ["try-1"])).toEqual(["try-2", "two"]);
  expect(await nextOf(source, ["try-1", "try-2"])).toBe("empty");
  expect(asked).toEqual([]); // nothing is lent
});

it("says so for a type that this app does not know", async () => {
  const found = await trial.trialSource(TRIED).next({ ...trial.batchOf(TRIED), task_type: "telepathy" }, new Set());
  expect(found).toEqual({ none: "refused", message: "telepathy" });
});

it("has an answer judged and forgets it; a skip is not judged", async () => {
  const source = trial.trialSource(TRIED);
  await nextOf(source);
  await source.keep(given("try-1", { label: "good" }, "skip"));
  expect(asked).toEqual([]);
  expect(await source.keep(given("try-1", { label: "good" }))).toMatchObject([{ state: "accepted" }]);
  expect(asked).toEqual([{ url: "/api/v1/projects/7/try", body: { item: 1, value: { label: "good" } } }]);
  expect(trial.told.get()).toEqual([]);
  expect(await source.takeBack([])).toBe(false);
});

it("tells what a worker would be told of a miss, and what the server refuses", async () => {
  const source = trial.trialSource(TRIED);
  await nextOf(source);
  reply = () => new Response(JSON.stringify({ feedback: { right: false, truth: { label: "bad" }, explanation: "Plainly." } }));
  await source.keep(given("try-1", { label: "good" }));
  expect(trial.told.get()).toMatchObject([{ value: { label: "good" }, feedback: { explanation: "Plainly." } }]);
  reply = () => new Response(JSON.stringify({ feedback: { right: true } }));
  await source.keep(given("try-1", { label: "good" }));
  expect(trial.told.get()).toEqual([]);
  reply = () => new Response(JSON.stringify({ error: { code: "invalid", field: "value", message: "No such label." } }), { status: 400 });
  await source.keep(given("try-1", { label: "x" }));
  expect(trial.told.get()).toMatchObject([{ value: { label: "x" }, refused: "No such label." }]);
});

it("shows pictures at once as a worker sees them, and judges each", async () => {
  const config = { ...TRIED.config, look: "grid" as const };
  const source = trial.trialSource({ ...TRIED, config } as typeof TRIED);
  const found = await source.next({ ...trial.batchOf(TRIED), config }, new Set());
  expect("none" in found ? found : found.cells?.map(({ packed }) => packed.lease)).toEqual(["try-1", "try-2"]);
  await source.keep([...given("try-1", { label: "good" }), ...given("try-2", { label: "bad" })]);
  expect(asked.map(({ body }) => body)).toEqual([
    { item: 1, value: { label: "good" } },
    { item: 2, value: { label: "bad" } },
  ]);
});
