import { expect, it } from "vitest";
import { answer, moved, nameOfStep, tapped } from "./answer";

const part = (id: string, role: "user" | "thought" | "tool_call" | "tool_result" | "assistant") => ({ id, role, kind: "text" as const, text: id });
const label = (id: string) => ({ id, name: { en: id } });
const QUESTION = {
  labels: [label("tool"), label("fact")],
  config: { severity: 3, high: { en: "Does harm" } },
  language: "",
  text: "",
  widthPx: 0,
  heightPx: 0,
  parts: [part("u", "user"), part("t", "thought"), part("c", "tool_call"), part("r", "tool_result"), part("a", "assistant")],
};

it("is the step that was tapped, and a second tap takes it back; what was said of another step stays", () => {
  const said = { ...tapped(answer.empty, "c"), label: "tool", severity: 2 };
  expect(tapped(said, "t")).toEqual({ step: "t", none: false, label: "tool", severity: 2 });
  expect(tapped(said, "c")).toEqual(answer.empty);
  expect(tapped({ ...answer.empty, none: true }, "c").none).toBe(false);
});

it("goes through what was done and said, and past what tools and people said", () => {
  const down = (draft: typeof answer.empty, n: number) => moved(draft, n, QUESTION);
  expect(down(answer.empty, 1).step).toBe("t");
  expect(down(down(down(answer.empty, 1), 1), 1).step).toBe("a");
  expect(down({ ...answer.empty, step: "a" }, 1).step).toBe("a");
  expect(down(answer.empty, -1).step).toBe("a");
  expect(nameOfStep(QUESTION, "a").startsWith("3. ")).toBe(true);
});

it("asks for all that the project asks, and not for a kind where there is one", () => {
  expect(() => answer.finish(answer.empty, QUESTION, true)).toThrow("first_wrong.missing");
  expect(() => answer.finish(tapped(answer.empty, "c"), QUESTION, true)).toThrow("first_wrong.missing_kind");
  expect(() => answer.finish({ ...tapped(answer.empty, "c"), label: "tool" }, QUESTION, true)).toThrow("first_wrong.missing_severity");
  expect(answer.finish({ step: null, none: true, label: null, severity: null }, QUESTION, false)).toEqual({ wrong: [] });
  const value = { wrong: [{ step: "c", label: "tool", severity: 2 }] };
  expect(answer.finish(answer.start(value), QUESTION, false)).toEqual(value);
  const plain = { ...QUESTION, labels: [label("bad")], config: {} };
  expect(answer.finish(tapped(answer.empty, "c"), plain, false)).toEqual({ wrong: [{ step: "c", label: "bad" }] });
});

it("is shown in words", () => {
  expect(answer.show({ wrong: [{ step: "c", label: "tool", severity: 2 }] }, QUESTION).words).toContain(": tool, 2 / 3");
  expect(answer.start({ wrong: [] }).none).toBe(true);
});
