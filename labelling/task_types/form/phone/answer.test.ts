import { beforeAll, expect, it, vi } from "vitest";
import { Further, loadTaskType, type Question } from "@app/app/widget";
import cases from "../examples/cases.json";
import { answer, END, path, placeOf, type Draft } from "./answer";
import { questionsOf } from "./questions";

const { config, width_px: widthPx, height_px: heightPx } = cases.question;
const QUESTION = { labels: [], config, language: "en", text: "", widthPx, heightPx } as unknown as Question;

beforeAll(async () => {
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("history", { state: null, pushState: () => undefined, replaceState: () => undefined });
  vi.stubGlobal("location", { hash: "", href: "http://here/app/" });
  vi.stubGlobal("document", { cookie: "", visibilityState: "visible" });
  vi.stubGlobal("navigator", {});
  await loadTaskType("form", config);
});

/** Done is pressed on a question, with this answer on it. */
function done(draft: Draft, inner?: unknown): Draft {
  const at = placeOf(draft, QUESTION);
  try {
    answer.finish(inner === undefined ? draft : { ...draft, at, drafts: { ...draft.drafts, [at]: inner } }, QUESTION, false);
  } catch (error) {
    if (error instanceof Further) return error.draft as Draft;
    throw error;
  }
  throw new Error("that was the end");
}

it("asks one question after the other, and what hangs on an answer only after that answer", () => {
  let draft = done(answer.empty, { label: "shoe" });
  expect(draft.at).toBe("buttons");
  draft = done({ ...draft, at: "kind" }, { label: "dress" });
  expect(draft.at).toBe("sleeve");
  expect(path(draft, QUESTION).map(({ asked }) => asked.id)).toEqual(["kind", "sleeve", "buttons", "colour"]);
  expect(answer.doneKey!(draft, QUESTION)).toBe("form.next");
});

it("says what is missing in the words of the question's own type", () => {
  expect(() => answer.finish(answer.empty, QUESTION, false)).toThrow("choice.missing");
});

it("ends with the summary, sends what is asked only, and goes back to what is open", () => {
  const { buttons, ...open } = (cases.good[0]!.canonical as { answers: Record<string, unknown> }).answers;
  const draft = { ...answer.start({ answers: open }), at: "sleeve" };
  expect(done(draft).at).toBe("buttons");
  expect(done({ ...draft, at: END }).at).toBe("buttons");
  expect(done({ ...draft, given: { ...open, buttons } }).at).toBe(END);
});

it("is what the server takes, canonical as the server has it", () => {
  for (const { canonical } of cases.good) {
    const draft = answer.start(canonical as never);
    expect(draft.at).toBe(END);
    expect(answer.finish(draft, QUESTION, false)).toEqual(canonical);
  }
});

it("leaves out what is not asked any more after a change", () => {
  const draft = done({ ...answer.start(cases.good[0]!.canonical as never), at: "kind" }, { label: "shoe" });
  expect(draft.at).toBe(END);
  expect(Object.keys(answer.finish(draft, QUESTION, false).answers)).toEqual(["kind", "buttons", "colour"]);
});

it("is shown with what was asked", () => {
  const shown = answer.show(cases.good[1]!.canonical as never, QUESTION);
  expect(shown.rows!.map(({ title }) => title)).toEqual(["What is it?", "Box every button"]);
  expect(shown.words).toContain("What is it?: Shoe");
});

const part = (id: string, role: string) => ({ id, role, kind: "text", text: `${id} says` });
const askedOf = (each: string[], parts: ReturnType<typeof part>[]) => {
  const config = { questions: [{ id: "good", title: { en: "Good?" }, type: "choice", settings: { labels: [] }, each }] };
  const asked = questionsOf({ ...QUESTION, config, parts } as unknown as Question);
  return asked.map(({ question }) => ({ about: question.about, shown: question.parts!.map(({ id }) => id), text: question.text }));
};

it("judges a turn in its place, after what was said before it and without what came later", () => {
  const chat = [part("rules", "system"), part("u1", "user"), part("a1", "assistant"), part("u2", "user"), part("a2", "assistant"), part("page", "source")];
  expect(askedOf(["assistant"], chat)).toEqual([
    { about: "a1", shown: ["rules", "u1", "a1", "page"], text: "a1 says" },
    { about: "a2", shown: ["rules", "u1", "a1", "u2", "a2", "page"], text: "a2 says" },
  ]);
});

it("judges each of several that stand side by side by itself", () => {
  const pair = [part("ask", "prompt"), part("one", "candidate"), part("two", "candidate"), part("right", "reference")];
  expect(askedOf(["candidate"], pair).map(({ shown }) => shown)).toEqual([
    ["ask", "one", "right"],
    ["ask", "two", "right"],
  ]);
});
