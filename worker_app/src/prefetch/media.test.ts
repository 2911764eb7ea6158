import { expect, it } from "vitest";
import { chooseFor, isGone, urlsChosen } from "./media";

const NOW_MS = 1_800_000_000_000;
const address = (ends: number) => `https://media.example/m/a.webp?e=${ends}&s=x`;

it.each([404, 410])("a file that answers %i at an address that still counts is gone", (status) => {
  expect(isGone(status, address(NOW_MS / 1000 + 60), NOW_MS)).toBe(true);
});

it("an address whose time is over says nothing of the file", () => {
  expect(isGone(404, address(NOW_MS / 1000 - 60), NOW_MS)).toBe(false);
});

it.each([0, 403, 408, 429, 500, 503])("%i may pass", (status) => {
  expect(isGone(status, address(NOW_MS / 1000 + 60), NOW_MS)).toBe(false);
});

const file = (name: string) => ({ kind: "image" as const, variants: { "320": { url: `/${name}-320`, bytes: 3 }, "640": { url: `/${name}-640`, bytes: 6 } } });
const SOUND = { kind: "audio" as const, variants: { opus: { url: "/s", bytes: 2 }, peaks: { url: "/p", bytes: 1 } } };

it("fetches the file of every part, and knows all their addresses", () => {
  const parts = [
    { id: "a", role: "left" as const, kind: "image" as const, media: file("a") },
    { id: "q", role: "prompt" as const, kind: "text" as const, text: "Which?" },
    { id: "b", role: "right" as const, kind: "audio" as const, media: SOUND },
  ];
  const chosen = chooseFor({ id: 1, parts }, 640, false);
  expect(Object.keys(chosen.parts!)).toEqual(["a", "b"]);
  expect(urlsChosen(chosen)).toEqual(["/a-640", "/s", "/p"]);
  expect(urlsChosen(chooseFor({ id: 1, media: file("m"), parts }, 640, true))).toEqual(["/m-320", "/a-320", "/s", "/p"]);
  expect(chooseFor({ id: 1, text: "x" }, 640, false).parts).toBeUndefined();
});

it("fetches what helps with the file itself, and counts its bytes", () => {
  const aids = { "kind.map.webp": { url: "/m-map", bytes: 4 }, "kind.tree.json": { url: "/m-tree" } };
  const chosen = chooseFor({ id: 1, media: { ...file("m"), aids } }, 640, false);
  expect(urlsChosen(chosen)).toEqual(["/m-640", "/m-map", "/m-tree"]);
  expect([chosen.bytes, chosen.aidUrls]).toEqual([10, { "kind.map.webp": "/m-map", "kind.tree.json": "/m-tree" }]);
});
