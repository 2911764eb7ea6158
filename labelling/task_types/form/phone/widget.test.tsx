// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { loadTaskType } from "@app/app/widget";
import { begin, found, press, said, settled, type } from "@app/testing/page";
import { asked, hold, labelled } from "@app/testing/widget";
import form from "./widget";

const QUESTIONS = [
  { id: "animal", type: "choice", title: { en: "Which animal?" }, settings: { labels: labelled("goat", "none") } },
  { id: "how_many", type: "rating", title: { en: "How many?" }, settings: { scale: 9, look: "numbers" }, show_if: { question: "animal", is: ["goat"] } },
  { id: "note", type: "text", title: { en: "Anything else?" }, settings: { kind: "answer" }, required: false },
];
const QUESTION = asked({ text: "A field.", config: { questions: QUESTIONS } as never });
const title = () => found("form-title")!.textContent;

/** A question is answered by one tap as soon as she can have seen it. */
async function ready(): Promise<void> {
  for (let turn = 0; turn < 40 && !document.querySelector("[data-ready]"); turn++) await settled();
}

beforeEach(async () => {
  await begin(["account", "work", "form", "choice", "rating", "text"]);
  await loadTaskType("form", QUESTION.config);
});

describe("one question a screen", () => {
  it("a tap on an answer goes on; what hangs on it is asked, and all of it is the answer", async () => {
    const held = await hold(form, QUESTION);
    expect(title()).toBe("Which animal?");
    await ready();
    await press("choice-goat");
    expect(title()).toBe("How many?");
    await ready();
    await press("rate-4");
    expect(title()).toBe("Anything else?");
    await type("writing", "  They sleep. ");
    await held.done();
    expect(document.querySelectorAll(".form-rows li").length).toBe(3);
    expect(await held.done()).toEqual({ answers: { animal: { label: "goat" }, how_many: { rating: 4 }, note: { text: "They sleep." } } });
  });

  it("a second tap that came with the first answers nothing that she has not seen", async () => {
    const held = await hold(form, QUESTION);
    await press("choice-goat");
    expect([title(), held.draft]).toEqual(["Which animal?", form.empty]);
    await ready();
    await press("choice-goat");
    await press("rate-4");
    expect(title()).toBe("How many?");
    expect((held.draft as typeof form.empty).drafts).toEqual({ animal: { label: "goat" } });
  });

  it("asks nothing that an answer has made idle, and may be left without what is not required", async () => {
    const held = await hold(form, QUESTION);
    await ready();
    await press("choice-none");
    expect(title()).toBe("Anything else?");
    await press("leave-out");
    expect(said()).toContain("Which animal?");
    expect(await held.done()).toEqual({ answers: { animal: { label: "none" } } });
  });

  it("what is required cannot be left out, and Done says what is missing", async () => {
    const held = await hold(form, QUESTION);
    expect(found("leave-out")).toBeNull();
    expect(await held.done()).toBe("choice.missing");
    expect(title()).toBe("Which animal?");
  });
});

describe("the summary", () => {
  it("is where a given answer begins; a tap on a row changes it, and what hung on it goes", async () => {
    const given = form.start({ answers: { animal: { label: "goat" }, how_many: { rating: 4 } } } as never);
    const held = await hold(form, QUESTION, { draft: given });
    await press("row-animal");
    expect(title()).toBe("Which animal?");
    await ready();
    await press("choice-none");
    await press("leave-out");
    expect(await held.done()).toEqual({ answers: { animal: { label: "none" } } });
  });

  it("is left backwards, question by question, without losing an answer", async () => {
    const given = form.start({ answers: { animal: { label: "goat" }, how_many: { rating: 4 }, note: { text: "Yes." } } } as never);
    const held = await hold(form, QUESTION, { draft: given });
    for (const before of ["Anything else?", "How many?", "Which animal?"]) {
      await press("form-back");
      expect(title()).toBe(before);
    }
    expect(found("form-back")).toBeNull();
    expect((held.draft as typeof form.empty).given).toEqual({ animal: { label: "goat" }, how_many: { rating: 4 }, note: { text: "Yes." } });
  });
});

it("asks of each part by itself, with its place among them", async () => {
  const each = [{ id: "good", type: "choice", title: { en: "Is it good?" }, settings: { labels: labelled("yes", "no") }, each: ["candidate"] }];
  const parts = ["a", "b"].map((id) => ({ id, role: "candidate", kind: "text", text: `the words of ${id}` })) as never;
  const held = await hold(form, asked({ parts, config: { questions: each } as never }));
  expect(title()).toBe("Is it good? (1 / 2)");
  expect(said()).toContain("the words of a");
  expect(said()).not.toContain("the words of b");
  await ready();
  await press("choice-yes");
  expect(said()).toContain("the words of b");
  await ready();
  await press("choice-no");
  expect(await held.done()).toEqual({ answers: { "good/a": { label: "yes" }, "good/b": { label: "no" } } });
});
