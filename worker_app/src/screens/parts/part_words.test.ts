import { expect, it } from "vitest";
import type { QuestionPart } from "@app/app/widget";
import { folds, isCompared, numbered, saidIn } from "./part_words";

const part = (id: string, role: QuestionPart["role"], more: Partial<QuestionPart> = {}): QuestionPart => ({ id, role, kind: "text", text: "x", ...more });

it("counts the parts of a role only where there are several", () => {
  const named = numbered([part("a", "prompt"), part("b", "candidate"), part("c", "candidate")]);
  expect(named.map(({ part: { id }, n }) => [id, n])).toEqual([
    ["a", null],
    ["b", 1],
    ["c", 2],
  ]);
});

it("tells sides by their place on the screen, not by the names that they came under", () => {
  expect(numbered([part("r", "right"), part("l", "left")]).map(({ n }) => n)).toEqual([1, 2]);
  expect(numbered([part("r", "right", { kind: "image" }), part("t", "candidate")]).map(({ n }) => n)).toEqual([null, null]);
  expect([isCompared(part("a", "left")), isCompared(part("a", "prompt"))]).toEqual([true, false]);
});

it("lets a short question stick, never a long one that would cover what is asked about", () => {
  expect(numbered([part("a", "prompt")])[0]!.sticks).toBe(true);
  expect(numbered([part("a", "prompt", { text: "x".repeat(400) })])[0]!.sticks).toBe(false);
  expect(numbered([part("a", "candidate")])[0]!.sticks).toBe(false);
});

it("folds what a tool gave and what is long; JSON stands on lines of its own", () => {
  expect([folds(part("a", "tool_result")), folds(part("a", "user")), folds(part("a", "user", { text: "x".repeat(601) }))]).toEqual([true, false, true]);
  expect(saidIn({ id: "a", role: "tool_call", kind: "json", json: { name: "search" } })).toBe('{\n  "name": "search"\n}');
});
