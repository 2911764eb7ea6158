// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { begin, found, press, said, type } from "@app/testing/page";
import { asked, hold } from "@app/testing/widget";
import taxonomy from "./widget";

const TREE = [
  ["animal", 0, "Animal"],
  ["bird", 1, "Bird"],
  ["ibis", 2, "Hadada ibis"],
  ["owl", 2, "Owl"],
  ["fish", 1, "Fish"],
  ["plant", 0, "Plant"],
  ["aloe", 1, "Aloé"],
];
const QUESTION = asked({ text: "What is it?", config: { tree: TREE } as never });
const rows = () => [...document.querySelectorAll<HTMLElement>(".tree-row")].map(({ dataset }) => dataset.testid!.replace("node-", ""));

beforeEach(async () => void (await begin(["work", "taxonomy"])));

describe("down a tree", () => {
  it("she goes by taps to a leaf, which is the answer", async () => {
    const held = await hold(taxonomy, QUESTION);
    expect(rows()).toEqual(["animal", "plant"]);
    expect(await held.done()).toBe("taxonomy.missing");
    await press("node-animal");
    expect(rows()).toEqual(["bird", "fish"]);
    expect(await held.done()).toBe("taxonomy.further");
    await press("node-bird");
    await press("node-owl");
    expect(await held.done()).toEqual({ label: "owl" });
    expect(found("node-owl")!.getAttribute("aria-pressed")).toBe("true");
    expect(held.said.at(-1)).toBe("Chosen: Animal › Bird › Owl");
  });

  it("she may stop where she is sure", async () => {
    const held = await hold(taxonomy, QUESTION);
    await press("node-animal");
    await press("stop-here");
    expect(await held.done()).toEqual({ label: "animal" });
  });

  it("going on after a stop unsays it", async () => {
    const held = await hold(taxonomy, QUESTION);
    await press("node-animal");
    await press("stop-here");
    await press("node-bird");
    expect(await held.done()).toBe("taxonomy.further");
  });

  it("she goes back up by one, to any level above, or to the top", async () => {
    const held = await hold(taxonomy, QUESTION);
    await press("node-animal");
    await press("node-bird");
    await press("crumb-up");
    expect(rows()).toEqual(["bird", "fish"]);
    await press("node-bird");
    await press("crumb-animal");
    expect(rows()).toEqual(["bird", "fish"]);
    await press("crumb-top");
    expect(rows()).toEqual(["animal", "plant"]);
    expect(found("crumbs")).toBeNull();
    expect(held.draft).toEqual({ at: null, label: null });
  });
});

describe("a search", () => {
  it("finds by words of a name or of those above it, without accents, and shows where it stands", async () => {
    await hold(taxonomy, QUESTION);
    await type("find-node", "aloe");
    expect(rows()).toEqual(["aloe"]);
    expect(said()).toContain("Plant");
    await type("find-node", "animal owl");
    expect(rows()).toEqual(["owl"]);
    await type("find-node", "stone");
    expect(rows()).toEqual([]);
  });

  it("ends with what is taken: a leaf is the answer, among its neighbours", async () => {
    const held = await hold(taxonomy, QUESTION);
    await type("find-node", "ibis");
    await press("node-ibis");
    expect(await held.done()).toEqual({ label: "ibis" });
    expect(found<HTMLInputElement>("find-node")!.value).toBe("");
    expect(rows()).toEqual(["ibis", "owl"]);
  });

  it("opens what has more below it", async () => {
    const held = await hold(taxonomy, QUESTION);
    await type("find-node", "bird");
    await press("node-bird");
    expect(rows()).toEqual(["ibis", "owl"]);
    expect(await held.done()).toBe("taxonomy.further");
  });
});
