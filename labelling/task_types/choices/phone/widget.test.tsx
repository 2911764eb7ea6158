// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { begin, found, press, type } from "@app/testing/page";
import { asked, hold, key, labelled } from "@app/testing/widget";
import choices from "./widget";

const LABELS = labelled("cat", "dog", "cow");
const question = (config: object = {}, labels = LABELS) => asked({ labels, text: "A text.", config: { labels, ...config } as never });
const checked = (id: string) => found(id)!.getAttribute("aria-checked");

beforeEach(async () => void (await begin(["work", "choices"])));

describe("tags", () => {
  it("are taken and left out by taps and digits, and come sorted", async () => {
    const held = await hold(choices, question());
    await press("tag-dog");
    await press("tag-cat");
    await key("3");
    await key("2");
    expect(await held.done()).toEqual({ labels: ["cat", "cow"] });
    expect(["tag-cat", "tag-dog", "tag-cow"].map(checked)).toEqual(["true", "false", "true"]);
  });

  it("are no more than the project takes: one too many is said, and changes nothing", async () => {
    const held = await hold(choices, question({ most: 2 }));
    for (const id of ["cat", "dog"]) await press(`tag-${id}`);
    const [before, changes] = [held.draft, held.hows.length];
    await press("tag-cow");
    expect(held.draft).toEqual(before);
    expect(held.hows.length).toBe(changes);
    expect(held.said.at(-1)).toContain("2");
  });

  it("and none of them are not both: the last that is said counts", async () => {
    const held = await hold(choices, question());
    expect(await held.done()).toBe("choices.missing_or_none");
    await press("tag-cat");
    await press("tags-none");
    expect(await held.done()).toEqual({ labels: [] });
    expect(checked("tag-cat")).toBe("false");
    await press("tag-dog");
    expect(await held.done()).toEqual({ labels: ["dog"] });
    expect(checked("tags-none")).toBe("false");
  });

  it("are not none a second time: that takes it back", async () => {
    const held = await hold(choices, question());
    await key("0");
    await key("0");
    expect(await held.done()).toBe("choices.missing_or_none");
  });

  it("must be some where the project says so: there is no key for none", async () => {
    const held = await hold(choices, question({ none: false }));
    expect(found("tags-none")).toBeNull();
    await key("0");
    expect(await held.done()).toBe("choices.missing");
  });

  it("stand under the names of their groups", async () => {
    await hold(choices, question({ groups: [{ name: { en: "Farm" }, first: 3 }] }));
    const groups = [...document.querySelectorAll('.dock [role="group"]')];
    expect(groups.map((group) => group.querySelectorAll("button").length)).toEqual([2, 1]);
    expect(groups[1]!.getAttribute("aria-label")).toBe("Farm");
  });
});

describe("a long list", () => {
  const MANY = labelled("crème", "bread", "butter", "rice", "maize", "beans", "milk", "eggs", "salt", "sugar");

  it("is searched without accents; what is chosen stays in sight, and goes by a tap", async () => {
    const held = await hold(choices, question({}, MANY));
    await type("find-label", "CREME");
    expect([found("tag-crème") !== null, found("tag-rice") !== null]).toEqual([true, false]);
    await press("tag-crème");
    await type("find-label", "rice");
    expect(found("tag-crème")).toBeNull();
    expect(found("tags-pinned")!.textContent).toContain("crème");
    found("tags-pinned")!.querySelector("button")!.click();
    expect(await held.done()).toBe("choices.missing_or_none");
  });

  it("says so when nothing is found, and a digit that is typed there is no tag", async () => {
    const held = await hold(choices, question({}, MANY));
    await type("find-label", "nothing like it");
    expect(document.querySelectorAll('[data-testid^="tag-"]').length).toBe(0);
    await key("1", {}, found("find-label")!);
    expect(held.draft).toEqual({ labels: [], none: false });
  });
});
