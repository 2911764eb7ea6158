// @vitest-environment happy-dom
import { beforeEach, expect, it } from "vitest";
import { begin, found, isOff, press } from "@app/testing/page";
import { asked, hold, key } from "@app/testing/widget";
import ranking from "./widget";

const part = (id: string, role: string) => ({ id, role, kind: "text", text: `the words of ${id}` }) as never;
const QUESTION = asked({ parts: [part("q", "prompt"), part("a", "candidate"), part("b", "candidate"), part("c", "candidate")] });
const place = (id: string) => found(`rank-${id}`)!.querySelector(".rank-place")!.textContent;

beforeEach(async () => void (await begin(["work", "ranking"])));

it("ranks in the order of the taps; the only one that is left needs none", async () => {
  const held = await hold(ranking, QUESTION);
  await press("rank-b");
  expect(await held.done()).toBe("ranking.missing");
  await press("rank-c");
  expect(["a", "b", "c"].map(place)).toEqual(["·", "1", "2"]);
  expect(await held.done()).toEqual({ order: [["b"], ["c"], ["a"]] });
});

it("asks only about what is compared: the prompt is read", async () => {
  await hold(ranking, QUESTION);
  expect(found("rank-q")).toBeNull();
  expect(document.body.textContent).toContain("the words of q");
});

it("moves up what stood behind one that is tapped again", async () => {
  const held = await hold(ranking, QUESTION);
  for (const id of ["b", "c", "a", "b"]) await press(`rank-${id}`);
  expect(["a", "b", "c"].map(place)).toEqual(["2", "·", "1"]);
  expect(held.said.at(-1)).not.toBe(held.said.at(-2));
  expect(await held.done()).toEqual({ order: [["c"], ["a"], ["b"]] });
});

it("takes two for equally good, by a tap or by its key, once there are two", async () => {
  const held = await hold(ranking, QUESTION);
  await press("rank-a");
  expect(isOff("rank-same")).toBe(true);
  await key("=");
  expect(held.draft).toEqual({ order: [["a"]] });
  await key("3");
  await press("rank-same");
  expect(held.draft).toEqual({ order: [["a", "c"]] });
  await key("2");
  await key("=");
  expect(await held.done()).toEqual({ order: [["a", "c", "b"]] });
});
