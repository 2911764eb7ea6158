// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { begin, found, press, said, type } from "@app/testing/page";
import { asked, hold, key } from "@app/testing/widget";
import rating from "./widget";

const question = (config: object = {}) => asked({ text: "A text.", config: { labels: [], ...config } as never });
const SLIDER = question({ scale: 100, low: { en: "awful" }, high: { en: "lovely" } });

beforeEach(async () => void (await begin(["work", "rating"])));

describe("steps", () => {
  it("are tapped; the last tap counts, and is said with what it means", async () => {
    const held = await hold(rating, question({ low: { en: "awful" }, high: { en: "lovely" } }));
    expect(await held.done()).toBe("rating.missing");
    await press("rate-4");
    await press("rate-5");
    expect(await held.done()).toEqual({ rating: 5 });
    expect(held.said.at(-1)).toContain("lovely");
    expect(held.said.at(-2)).not.toContain("lovely");
    expect(found("rate-5")!.getAttribute("aria-checked")).toBe("true");
    expect(found("rate-4")!.getAttribute("aria-checked")).toBe("false");
  });

  it("are as many as the project has, and its keys are those and no more", async () => {
    const held = await hold(rating, question({ scale: 7, look: "numbers" }));
    expect([7, 8].map((n) => found(`rate-${n}`) !== null)).toEqual([true, false]);
    await key("8");
    expect(held.draft).toEqual({ rating: null });
    await key("7");
    expect(held.draft).toEqual({ rating: 7 });
    await key("+");
    expect(held.draft).toEqual({ rating: 7 });
    await key("-");
    expect(held.draft).toEqual({ rating: 6 });
  });

  it("give the answer at once where one tap is meant to", async () => {
    const held = await hold(rating, question(), { quick: true });
    await press("rate-2");
    await key("3");
    expect(held.given).toEqual([{ rating: 2 }, { rating: 3 }]);
    expect(held.draft).toEqual({ rating: null });
  });
});

describe("a slider", () => {
  it("has no figure and gives no answer before she has touched it", async () => {
    const held = await hold(rating, SLIDER);
    expect(found("rating-figure")!.textContent).toBe("–");
    expect(await held.done()).toBe("rating.missing");
    expect(said()).toContain("0 = awful");
    expect(said()).toContain("100 = lovely");
  });

  it("takes a tap where it stands for an answer, and is never over by one tap", async () => {
    const held = await hold(rating, SLIDER, { quick: true });
    await press("rating-slider");
    expect(await held.done()).toEqual({ rating: 50 });
    expect(held.given).toEqual([]);
  });

  it("is moved: undo takes the whole movement back, and it speaks for itself", async () => {
    const held = await hold(rating, SLIDER);
    await type("rating-slider", "73");
    expect(held.hows).toContain("typing");
    expect(held.said).toEqual([]);
    await press("rate-less");
    expect(await held.done()).toEqual({ rating: 72 });
    expect(held.hows.at(-1)).toBe("step");
  });

  it("hears no digits, and stops at its ends", async () => {
    const held = await hold(rating, SLIDER, { draft: { rating: 99 } });
    await key("5");
    expect(held.draft).toEqual({ rating: 99 });
    await press("rate-more");
    await press("rate-more");
    expect(held.draft).toEqual({ rating: 100 });
  });
});
