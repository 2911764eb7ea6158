import { expect, it } from "vitest";
import { Doubtful, Further, Unfinished, type Question, type TaskType } from "@app/app/widget";
import { read } from "./host";
import { nextScreen, readDraft } from "./reading";

type Draft = { at: number; said: string[] };
const QUESTION = {} as Question;
/** An answer of three screens. */
const TYPE = {
  finish({ at, said }: Draft, _question: Question, sure: boolean) {
    if (said[at] === undefined) throw new Unfinished("form.missing");
    if (said[at] === "none" && !sure) throw new Doubtful("stage.sure_nothing");
    if (at < 2) throw new Further({ at: at + 1, said });
    return { answers: said };
  },
} as unknown as TaskType<unknown, unknown>;
const draft = (...said: string[]): Draft => ({ at: 0, said });

it("reads an answer through all of its screens, and says on which something is missing or to be doubted", () => {
  expect(readDraft(TYPE, draft("a", "b", "c"), QUESTION, false)).toEqual({ value: { answers: ["a", "b", "c"] } });
  expect(readDraft(TYPE, draft("a", "b"), QUESTION, true)).toEqual({ missing: "form.missing", at: { at: 2, said: ["a", "b"] } });
  expect(readDraft(TYPE, draft("a", "none", "c"), QUESTION, false)).toEqual({ doubt: "stage.sure_nothing", at: { at: 1, said: ["a", "none", "c"] } });
  expect(readDraft(TYPE, draft("a", "none", "c"), QUESTION, true)).toEqual({ value: { answers: ["a", "none", "c"] } });
});

it("knows the next screen", () => {
  expect(nextScreen(TYPE, draft("a", "b", "c"), QUESTION)).toEqual({ at: 1, said: ["a", "b", "c"] });
  expect(nextScreen(TYPE, { at: 2, said: ["a", "b", "c"] }, QUESTION)).toBeNull();
  expect(nextScreen(TYPE, draft(), QUESTION)).toBeNull();
});

it("does not hang on a type that never comes to an end", () => {
  const endless = { finish: (now: unknown) => { throw new Further(now); } } as unknown as TaskType<unknown, unknown>; // prettier-ignore
  expect(() => readDraft(endless, draft(), QUESTION, true)).toThrow("no end");
});

it("begins empty where the field holds no JSON", () => {
  expect([read('{"label":"a"}'), read(""), read("{")]).toEqual([{ label: "a" }, null, null]);
});
