import { expect, it } from "vitest";
import { answer, groupsOf, toggled } from "./answer";

const LABELS = ["red", "blue", "wool", "silk"].map((id) => ({ id, name: { en: id.toUpperCase() } }));
const QUESTION = { labels: LABELS, config: {}, language: "", text: "", widthPx: 0, heightPx: 0 };

it("is a set: a second tap leaves out, and there is room for so many", () => {
  const two = toggled(toggled(answer.empty, "wool", 2), "blue", 2);
  expect(answer.finish(two, QUESTION, false)).toEqual({ labels: ["blue", "wool"] });
  expect(toggled(two, "red", 2).labels).toEqual(["wool", "blue"]);
  expect(toggled(two, "wool", 2).labels).toEqual(["blue"]);
});

it("says none only when she says so, and none is never beside another", () => {
  expect(() => answer.finish(answer.empty, QUESTION, true)).toThrow("choices.missing_or_none");
  expect(() => answer.finish(answer.empty, { ...QUESTION, config: { none: false } as object }, true)).toThrow(/missing$/);
  expect(answer.finish({ labels: [], none: true }, QUESTION, false)).toEqual({ labels: [] });
  expect(toggled({ labels: [], none: true }, "red", 4)).toEqual({ labels: ["red"], none: false });
  expect(answer.start({ labels: [] })).toEqual({ labels: [], none: true });
});

it("tells on the key how many are chosen", () => {
  expect(answer.doneKey!(answer.empty, QUESTION)).toBe("task.done");
  expect(answer.doneKey!({ labels: ["red", "silk"], none: false }, QUESTION)).toEqual(["choices.done", { n: 2 }]);
  expect(answer.doneKey!({ labels: [], none: true }, QUESTION)).toBe("choices.done_none");
});

it("is shown in the order of the project, what it asks no more as it was sent", () => {
  expect(answer.show({ labels: ["gone", "silk", "blue"] }, QUESTION).words).toBe("BLUE, SILK, gone");
});

it("stands under the names of its groups", () => {
  const config = { groups: [{ name: { en: "Stuff" }, first: 3 }] } as object;
  const groups = groupsOf({ ...QUESTION, config });
  expect(groups.map(({ name, labels }) => [name?.en, labels.map(({ id }) => id)])).toEqual([
    [undefined, ["red", "blue"]],
    ["Stuff", ["wool", "silk"]],
  ]);
  expect(groupsOf(QUESTION)).toEqual([{ name: null, labels: LABELS }]);
});
