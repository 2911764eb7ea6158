// @vitest-environment happy-dom
/** What she is told of a known task that she missed. */
import { beforeEach, expect, it } from "vitest";
import { batches } from "@app/app/offers";
import type { Batch } from "@app/app/types";
import { loadTaskType } from "@app/app/widget";
import { keepAndSend, startSync, stopSync } from "@app/outbox/sync";
import { begin, found, said, settled, show } from "@app/testing/page";
import { FeedbackSheet } from "./FeedbackSheet";

const CONFIG = { labels: ["good", "bad"].map((id) => ({ id, name: { en: id } })) };
const BATCH = { batch: 3, project: 1, title: "Good or bad?", task_type: "choice", config: CONFIG, currency: "USD", training: false } as unknown as Batch;
const FEEDBACK = { right: false, truth: { label: "good" }, explanation: "It says so.", teaches: true };

beforeEach(async () => {
  const server = await begin(["first", "work", "choice"]);
  server.says("/me", { body: { worker: { pseudonym: "w1" } } });
  server.says("/work/answers", { body: { results: [{ id: "a1", status: "accepted", feedback: FEEDBACK }] } });
  await loadTaskType("choice");
});

it.each([
  [false, "It is the first one that you miss in this project"],
  [true, "Paid training: it teaches, and counts for nothing"],
])("tells why a miss costs nothing, in training (%s) that nothing there counts", async (training, words) => {
  batches.set([{ ...BATCH, training }]);
  show(<FeedbackSheet />);
  await startSync("w1");
  await keepAndSend({
    id: "a1",
    owner: "w1",
    kind: "answer",
    batch: 3,
    lease: "l1",
    body: { id: "a1", value: { label: "bad" } },
    keptAtMs: Date.now(),
    baseMicro: 0,
    currency: "USD",
    item: { id: 1, text: "It was" },
  } as unknown as Parameters<typeof keepAndSend>[0]);
  for (let turn = 0; turn < 20 && !found("gold"); turn++) await settled();
  expect(said()).toContain(words);
  expect(said()).toContain("It says so.");
  await stopSync();
});
