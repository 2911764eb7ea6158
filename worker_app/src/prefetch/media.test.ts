import { expect, it } from "vitest";
import { isGone } from "./media";

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
