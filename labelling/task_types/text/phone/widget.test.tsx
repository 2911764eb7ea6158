// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { begin, found, said, type } from "@app/testing/page";
import { asked, hold, key, NO_MEDIA } from "@app/testing/widget";
import text from "./widget";

const question = (kind: string, given = "The goat sleeped.") => asked({ text: given, language: "zu", config: { labels: [], kind } as never });
const written = () => found<HTMLTextAreaElement>("writing")!;

beforeEach(async () => void (await begin(["account", "work", "text"])));

describe("what she writes", () => {
  it("is the answer, without what pasting brings unseen; undo takes back what was typed together", async () => {
    const held = await hold(text, question("translation"));
    expect(await held.done()).toBe("text.missing");
    await type("writing", "  Imbuzi\u0007 ilele. ");
    expect(await held.done()).toEqual({ text: "Imbuzi ilele." });
    expect(new Set(held.hows)).toEqual(new Set(["typing"]));
  });

  it("is in the language that is asked for, in whichever direction it runs", async () => {
    await hold(text, question("translation"));
    expect([written().lang, written().dir]).toEqual(["zu", "auto"]);
  });

  it("is done by Ctrl and Enter; Enter alone is a new line", async () => {
    const held = await hold(text, question("answer"));
    await type("writing", "Yes.");
    await key("Enter", {}, written());
    expect(held.given).toEqual([]);
    await key("Enter", { ctrlKey: true }, written());
    expect(held.given).toEqual([{ text: "Yes." }]);
  });

  it("is at most five thousand characters, of whatever script", async () => {
    const held = await hold(text, question("answer"), { draft: { text: "🐐".repeat(5000) } });
    expect(await held.done()).toEqual({ text: "🐐".repeat(5000) });
    await type("writing", "🐐".repeat(5001));
    expect(await held.done()).toBe("text.too_long");
  });
});

describe("what she rewrites", () => {
  it("begins as it was, and what she changed is shown", async () => {
    const held = await hold(text, question("rewrite"));
    expect(written().value).toBe("The goat sleeped.");
    expect(found("changed")).toBeNull();
    expect(() => text.finish(held.draft as never, held.question, false)).toThrow("text.unchanged");
    await type("writing", "The goat slept.");
    expect(found("changed")!.querySelector("del")!.textContent).toContain("sleeped");
    expect(found("changed")!.querySelector("ins")!.textContent).toContain("slept");
    expect(text.finish(held.draft as never, held.question, false)).toEqual({ text: "The goat slept." });
  });

  it("that is emptied is no answer, and not the first text again", async () => {
    const held = await hold(text, question("rewrite"));
    await type("writing", "");
    expect(written().value).toBe("");
    expect(await held.done()).toBe("text.missing");
  });
});

it("tells the keys of a sound where there is one", async () => {
  await hold(text, question("transcription", ""), { media: { ...NO_MEDIA, kind: "audio", url: "blob:sound", durationMs: 1000 } });
  const told = said().length;
  await begin(["account", "work", "text"]);
  await hold(text, question("transcription", ""));
  expect(document.querySelector(".key-hint")).toBeNull();
  expect(told).toBeGreaterThan(said().length);
});
