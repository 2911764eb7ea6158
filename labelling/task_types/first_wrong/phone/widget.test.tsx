// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { begin, found, press } from "@app/testing/page";
import { asked, hold, key, labelled, withCanvas } from "@app/testing/widget";
import firstWrong from "./widget";

const part = (id: string, role: string) => ({ id, role, kind: "text", text: `the words of ${id}` }) as never;
const PARTS = [part("q", "user"), part("s1", "thought"), part("s2", "tool_call"), part("r", "tool_result"), part("s3", "assistant")];
const KINDS = labelled("fact", "logic");
const question = (config: object = {}, labels = KINDS) => asked({ labels, parts: PARTS, config: config as never });

beforeEach(async () => {
  await begin(["work", "first_wrong"]);
  withCanvas(360, 640);
});

describe("the first wrong step", () => {
  it("is tapped, by its key or anywhere on its card, and of a kind", async () => {
    const held = await hold(firstWrong, question());
    expect(await held.done()).toBe("first_wrong.missing");
    await press("step-key-s1");
    await press("step-s2");
    expect(await held.done()).toBe("first_wrong.missing_kind");
    await press("kind-logic");
    expect(await held.done()).toEqual({ wrong: [{ step: "s2", label: "logic" }] });
    expect(found("step-key-s1")!.getAttribute("aria-pressed")).toBe("false");
  });

  it("is never what was asked, or what a tool said", async () => {
    await hold(firstWrong, question());
    expect(["q", "r"].map((id) => found(`step-key-${id}`))).toEqual([null, null]);
  });

  it("keeps its kind when she had missed it by one, and loses it when she takes it back", async () => {
    const held = await hold(firstWrong, question());
    await press("step-key-s1");
    await press("kind-fact");
    await press("step-key-s3");
    expect(await held.done()).toEqual({ wrong: [{ step: "s3", label: "fact" }] });
    await press("step-key-s3");
    await press("step-key-s2");
    expect(await held.done()).toBe("first_wrong.missing_kind");
  });

  it("needs no kind where there is one, and is how bad where that is asked", async () => {
    const held = await hold(firstWrong, question({ severity: 3, low: { en: "a slip" }, high: { en: "ruin" } }, labelled("wrong")));
    await press("step-key-s1");
    expect(found("kind-wrong")).toBeNull();
    expect(await held.done()).toBe("first_wrong.missing_severity");
    await press("severity-3");
    expect(await held.done()).toEqual({ wrong: [{ step: "s1", label: "wrong", severity: 3 }] });
    expect(found("severity-3")!.getAttribute("aria-label")).toBe("3 / 3 ruin");
    expect(found("severity-2")!.getAttribute("aria-label")).toBe("2 / 3");
  });

  it("is none of them", async () => {
    const held = await hold(firstWrong, question());
    await press("step-key-s1");
    await press("none-wrong");
    expect(await held.done()).toEqual({ wrong: [] });
    await press("none-wrong");
    expect(await held.done()).toBe("first_wrong.missing");
    await press("none-wrong");
    await press("step-key-s1");
    await press("kind-fact");
    expect(await held.done()).toEqual({ wrong: [{ step: "s1", label: "fact" }] });
  });
});

describe("by keys", () => {
  it("j and k go from step to step and stop at the ends; a digit is a kind", async () => {
    const held = await hold(firstWrong, question());
    await key("2"); // nothing is chosen yet that could be of a kind
    const steps: unknown[] = [];
    for (const name of ["j", "j", "j", "j", "k"]) {
      await key(name);
      steps.push((held.draft as typeof firstWrong.empty).step);
    }
    expect(steps).toEqual(["s1", "s2", "s3", "s3", "s2"]);
    expect(await held.done()).toBe("first_wrong.missing_kind");
    await key("2");
    expect(await held.done()).toEqual({ wrong: [{ step: "s2", label: "logic" }] });
    await key("0");
    expect(await held.done()).toEqual({ wrong: [] });
  });

  it("k comes from the end; + and - are how bad, within the scale", async () => {
    const held = await hold(firstWrong, question({ severity: 2 }, labelled("wrong")));
    await key("k");
    for (const name of ["+", "+", "+"]) await key(name);
    expect(await held.done()).toEqual({ wrong: [{ step: "s3", label: "wrong", severity: 2 }] });
    for (const name of ["-", "-", "-"]) await key(name);
    expect(await held.done()).toEqual({ wrong: [{ step: "s3", label: "wrong", severity: 1 }] });
  });
});
