// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { begin, found, press, said } from "@app/testing/page";
import { asked, hold, key } from "@app/testing/widget";
import pairwise from "./widget";

const part = (id: string, role: string, text: string) => ({ id, role, kind: "text", text }) as never;
const QUESTION = asked({ parts: [part("q", "prompt", "Why is the sky blue?"), part("a", "candidate", "Because of the sea."), part("b", "candidate", "Because of the air.")] });

beforeEach(async () => void (await begin(["work", "pairwise"])));

describe("the better one", () => {
  it("is chosen by its key or on its card; the last choice counts", async () => {
    const held = await hold(pairwise, QUESTION);
    expect(await held.done()).toBe("pairwise.missing");
    await press("pair-a");
    await press("card-b");
    expect(await held.done()).toEqual({ chosen: "b" });
    expect(found("pair-a")!.getAttribute("aria-checked")).toBe("false");
    expect(found("card-b")!.className).toContain("chosen");
  });

  it.each([
    ["1", "a"],
    ["2", "b"],
    ["0", "same"],
    ["s", "same"],
    ["x", "neither"],
  ])("is said by the key %s", async (name, chosen) => {
    const held = await hold(pairwise, QUESTION);
    await key(name);
    expect(await held.done()).toEqual({ chosen });
  });

  it("is no more than there are: a third key means nothing, and the prompt cannot be chosen", async () => {
    const held = await hold(pairwise, QUESTION);
    await key("3");
    expect(await held.done()).toBe("pairwise.missing");
    expect(found("card-q")).toBeNull();
    expect(said()).toContain("Why is the sky blue?");
  });

  it("is the answer at once where one tap is meant to", async () => {
    const held = await hold(pairwise, QUESTION, { quick: true });
    await press("card-a");
    expect(held.given).toEqual([{ chosen: "a" }]);
    expect(held.draft).toEqual({ chosen: null });
  });
});

it("marks of two texts the words in which they differ, and leaves three alone", async () => {
  await hold(pairwise, QUESTION);
  expect([...document.querySelectorAll("mark.differs")].map(({ textContent }) => textContent!.trim())).toEqual(["sea.", "air."]);
  await begin(["work", "pairwise"]);
  await hold(pairwise, { ...QUESTION, parts: [...QUESTION.parts!, part("c", "candidate", "Because of the light.")] });
  expect(document.querySelectorAll("mark.differs").length).toBe(0);
});
